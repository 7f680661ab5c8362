"""Embeddings as linear algebra: products of a vector with all of them."""
