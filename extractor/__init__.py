"""The extractor service: images in, vectors of one Keras network out."""
