"""Tests of the command lines, run as their users run them."""
