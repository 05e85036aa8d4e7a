"""The embedded store: SQLite holds the records, a flat index in memory answers exactly; needs only NumPy."""
