"""The embedded store: SQLite holds the truth, a matrix in memory answers exactly; needs only Python and NumPy."""
