"""Indexing a folder in the background: jobs that can be watched, stopped, and resumed after a restart."""
