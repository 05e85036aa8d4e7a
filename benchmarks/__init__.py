"""What measures speed and quality. Each command is a module, ``python -m benchmarks.NAME``; results go to docs/."""
