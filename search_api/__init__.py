"""The search service: an uploaded image in, the nearest indexed images out."""
