"""Requests in, JSON and the page out: the only package that knows Flask."""
