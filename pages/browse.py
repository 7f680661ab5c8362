"""Browse: every picture of the folder, by class; a click makes one the query."""

import streamlit as st

from imsearch_core.datasets.builtin import PASCAL
from imsearch_core.labels.corrections import NO_LABEL
from imsearch_core.ui.builtin import show_pascal_state
from imsearch_core.ui.frame import frame
from imsearch_core.ui.gallery import cells, gallery
from imsearch_core.ui.selection import selection
from imsearch_core.ui.url import go_to, to_url

PAGE_SIZE = 60

photos = frame("Browse")

counts = {label or NO_LABEL: count for label, count in photos.labels.items()}
st.title("Browse")
if photos.folder == PASCAL.folder:
    show_pascal_state(len(photos))
chosen = st.pills(
    "Classes",
    list(counts),
    selection_mode="multi",
    format_func=lambda label: f"{label} {counts[label]}",
    key="labels",
    label_visibility="collapsed",
)
labels = photos.shown_labels
shown = [item.file for item in photos.items if not chosen or (labels[item.file] or NO_LABEL) in chosen]
if selected := set(selection(photos)):
    only = st.toggle(f"Only the {len(selected):,} selected on the map", key="only_selected")
    shown = [file for file in shown if not only or file in selected]

pages = -(-len(shown) // PAGE_SIZE)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(f"{len(shown):,} pictures. Pick one to see its neighbours.")
    page = st.number_input("Page", 1, pages, key="page", bind="query-params", width=150) if pages > 1 else 1


def search_by(file: str) -> None:
    to_url("q", file)
    st.session_state["open_search"] = True


gallery(cells(photos, shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), "browse", search_by)
if st.session_state.pop("open_search", False):
    go_to("app.py")
