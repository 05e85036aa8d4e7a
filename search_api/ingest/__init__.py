"""A folder of images into a store: files are read and hashed, embedded in batches, and written, all at once."""
