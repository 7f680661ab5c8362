"""Words: the words nearest to a text, arithmetic with words, and the classes that a word leads to."""

from imsearch_core import ui

ui.words_page()
