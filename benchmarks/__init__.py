"""Measures speed and quality. Each command is a module, ``python -m benchmarks.NAME``; docs/ has the results."""
