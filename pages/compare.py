"""Compare: which encoder, which method, which engine, for the open collection."""

from imsearch_core import ui

ui.compare_page()
