"""Real services for tests, started as a user would start them."""
