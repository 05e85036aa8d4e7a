"""The extractor: its parts, its routes on a dummy engine, and real networks."""
