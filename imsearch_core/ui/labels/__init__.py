"""The Label review page."""
