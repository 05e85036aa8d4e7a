"""Single images: records, metadata, uploads and thumbnails."""
