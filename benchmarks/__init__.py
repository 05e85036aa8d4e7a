"""What measures speed and quality. Each module is a command: ``python -m benchmarks.NAME``; results are kept in docs/."""
