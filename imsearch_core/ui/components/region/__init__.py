"""The query picture, on which a region can be drawn to search with that part alone."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from imsearch_core.search.query import Region

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_region",
    html='<div class="picture"></div>',
    css=(_HERE / "region.css").read_text("utf-8"),
    js=(_HERE / "region.js").read_text("utf-8"),
)


def region_picker(
    picture: str, alt: str, region: Region | None, key: str, on_pick: Callable[[Region | None], None]
) -> None:
    """Show a picture, given by its address, with the region drawn on it.

    Dragging draws a new region, arrow keys move it, with Shift they resize it, Escape takes it away;
    each calls `on_pick` with the new region, or None.
    """
    answered = f"{key}_answered"  # the number of the latest pick that the page has acted on

    def picked() -> None:
        if pick := st.session_state[key].picked:
            st.session_state[answered] = pick["number"]
            on_pick(Region.parse(pick["region"]) if pick["region"] else None)

    data = {
        "picture": picture,
        "alt": alt,
        "region": [region.x0, region.y0, region.x1, region.y1] if region else None,
        "answered": st.session_state.get(answered, 0),
    }
    _component(key=key, data=[data], on_picked_change=picked)  # in a list, as the gallery's
