"""The former page Words: its address leads to the panel of the Search page."""

import streamlit as st

from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.url import go_to
from imsearch_core.ui.words.door import OPEN
from imsearch_core.ui.words.panel import EXAMPLES


@page
def words_page() -> None:
    link = st.query_params.to_dict()
    text = link.pop("words", None) or link.pop("text", None) or EXAMPLES[0]
    go_to("app.py", **link, **OPEN | {"text": text})
