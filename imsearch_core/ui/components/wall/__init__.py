"""All pictures of a collection on one page, of which the browser has only those in view."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.ui.components import gallery
from imsearch_core.ui.components.files import text_of
from imsearch_core.ui.components.selection import select, selection
from imsearch_core.ui.components.wall.tiles import BLOCK, SectionsOf, Tiles
from imsearch_core.ui.shell.text import as_kept

_HERE = Path(__file__).parent
HTML = text_of(_HERE / "wall.html") + gallery.HTML
CSS = gallery.CSS + text_of(_HERE / "wall.css")
JS = gallery.JS + text_of(_HERE / "wall.js")
_component = st.components.v2.component("imsearch_wall", html=HTML, css=CSS, js=JS)


def wall(
    photos: Collection,
    order: np.ndarray,
    key: str,
    on_pick: Callable[[str], None],
    sections_of: SectionsOf = lambda files: [],
    fit_of: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Show the items of `order`, int [n], under one scroll bar; a click or Enter on one calls `on_pick` with
    its file.

    Everything else is as in `gallery`. `sections_of(files)` names places in the order to jump to. The link
    says where one is. `fit_of` says how well the labels of files fit.
    """
    tiles = _tiles(photos, key)
    tiles.arrange(order, sections_of, fit_of)

    def picked() -> None:
        if file := st.session_state[key].picked:
            on_pick(as_kept(file))

    def selected() -> None:
        sent = st.session_state[key].selected
        if sent and sent["order"] == tiles.turn:
            others = [] if sent["alone"] else tiles.elsewhere(selection(photos))
            select([*others, *tiles.files(sent["places"])])
            st.session_state[f"{key}_turn"] = sent["turn"]

    data = {
        "address": tiles.address,
        "turn": tiles.turn,
        "version": str(photos.corrections.version),
        "count": len(order),
        "block": BLOCK,
        "sections": tiles.sections,
        "selected": tiles.places(selection(photos)),
        "selectionTurn": st.session_state.get(f"{key}_turn", 0),
        "judging": False,
        "search": f"/{st.get_option('server.baseUrlPath').strip('/')}",
    }
    _component(key=key, data=[data], on_picked_change=picked, on_selected_change=selected)


def _tiles(photos: Collection, key: str) -> Tiles:
    """This session's tiles of the collection."""
    kept = st.session_state.get(f"{key}_tiles")
    if kept is None or kept.photos is not photos:
        kept = st.session_state[f"{key}_tiles"] = Tiles(photos)
    return kept
