"""The explorer: all that imports Streamlit, and the one door to it.

Streamlit runs each session's script in a thread of its own. Threads that import modules of one package in
different orders at the same moment meet modules that are half imported. So a script imports nothing but this
package, which imports everything: the second session waits until the first has imported it.
"""

import pandas as pd  # noqa: F401  Altair and Streamlit import it when they first need it, in whatever thread

from imsearch_core.ui.browse import browse_page
from imsearch_core.ui.compare.page import compare_page
from imsearch_core.ui.labels.page import duplicates_page, labels_page
from imsearch_core.ui.map import map_page
from imsearch_core.ui.search.page import search_page
from imsearch_core.ui.shell.keras_session import keep_keras_ready
from imsearch_core.ui.shell.network import ask_nobody_outside
from imsearch_core.ui.words.page import words_page

ask_nobody_outside()
keep_keras_ready()

__all__ = [
    "browse_page",
    "compare_page",
    "duplicates_page",
    "labels_page",
    "map_page",
    "search_page",
    "words_page",
]
