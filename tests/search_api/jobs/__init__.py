"""Jobs: ingests in the background."""
