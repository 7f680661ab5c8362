"""The former address of the duplicates, now a view of the label review."""

from imsearch_core import ui

ui.duplicates_page()
