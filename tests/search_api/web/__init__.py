"""The routes of the search service, and the service as it runs."""
