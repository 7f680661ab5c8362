"""Where pictures come from."""

from imsearch_core.datasets.folder import Dataset, Item, Skipped, scan

__all__ = ["Dataset", "Item", "Skipped", "scan"]
