"""Search: by a picture, plain or conditioned on an ImageNet class, by words, or by both."""

from imsearch_core import ui

ui.search_page()
