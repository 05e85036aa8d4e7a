"""The search service: an uploaded picture in, the nearest indexed pictures out."""
