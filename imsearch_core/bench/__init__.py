"""Measurements: one file each, run by `python -m imsearch_core bench`."""
