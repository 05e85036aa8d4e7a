"""The client of the extractor, on good days and bad ones."""
