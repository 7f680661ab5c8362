"""Index: what each engine finds of the true neighbours on the open collection, how fast, at what cost."""

from imsearch_core import ui

ui.index_page()
