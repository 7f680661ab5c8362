"""The drawings: one file per class, and beside it, named like it, the parts of those that need several."""
