"""Browse: every picture of the folder, by class; a click makes one the query."""

from imsearch_core import ui

ui.browse_page()
