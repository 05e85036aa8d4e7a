"""One query: images, ids or a vector in, a page of hits out."""
