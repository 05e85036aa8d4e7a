"""Command lines: arguments, progress, exit codes. The work itself is done elsewhere."""
