"""Duplicates: groups of copies, by how alike they are, and which to keep; nothing is deleted."""

from imsearch_core import ui

ui.duplicates_page()
