"""Golden vectors: what is stored in people's indexes must come out the same for ever."""
