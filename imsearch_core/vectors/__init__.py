"""Products of a vector with all embeddings."""
