"""Tests: the folders mirror the packages; tests/servers starts the real thing."""
