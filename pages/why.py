"""Why embeddings: the approaches that the tutorial compares, measured on the open collection."""

from imsearch_core import ui

ui.why_page()
