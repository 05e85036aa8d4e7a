"""The extractor service: pictures in, vectors of one Keras network out."""
