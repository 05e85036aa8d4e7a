"""The client of the extractor: images in, vectors out."""
