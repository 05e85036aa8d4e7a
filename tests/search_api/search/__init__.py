"""Searches: by image, id and vector, alone or together."""
