"""The former address of what is on Compare now."""

from imsearch_core import ui

ui.compare_page()
