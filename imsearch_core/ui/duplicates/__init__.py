"""The page of duplicates."""
