"""Map: the whole collection in two dimensions; what is selected on it can be searched with and browsed."""

from imsearch_core import ui

ui.map_page()
