"""Tests of the search service, through HTTP and around it."""
