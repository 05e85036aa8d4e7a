"""A collection into another one, into a file, or out of the legacy index."""
