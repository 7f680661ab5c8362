"""Noisy labels: which are suspect and why, which pictures are the same, what a person decided."""
