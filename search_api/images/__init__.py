"""One indexed image: its record, metadata, file and thumbnail."""
