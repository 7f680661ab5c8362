"""The query on a phone: a strip that stays above the results, while the query itself stands below them."""

from html import escape

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.search.query import Chosen
from imsearch_core.ui.shell.text import sendable

_SIDE = 160  # pixels


def show_strip(photos: Collection, chosen: Chosen) -> None:
    """The query's picture and name, 64 pixels high; seen on narrow windows only.

    A tap on it leads to the query, on which a region can be drawn; of a region, it shows that part alone.
    """
    if chosen.query.item is None:
        picture, label = chosen.picture, None
    else:
        item = photos.item(chosen.query.file)
        picture = thumbnail_of(photos.folder, item.file, item.version, _SIDE).content
        label = photos.shown_labels[item.file]
    name = escape(sendable(label or chosen.query.file))
    with st.container(key="strip"):
        st.html(
            f'<a href="#query"><img src="{escape(media_url(picture))}" alt="" style="{_part(chosen)}">'
            f"<b>{name}</b><span>Query and region ↓</span></a>"
        )


def _part(chosen: Chosen) -> str:
    """The style that shows the region of the query alone."""
    if not (part := chosen.query.region):
        return ""
    return f"object-view-box: inset({part.y0:.1%} {1 - part.x1:.1%} {1 - part.y1:.1%} {part.x0:.1%})"


def mark_query() -> None:
    """Make this the place to which the strip leads."""
    with st.container(key="strip_target"):
        st.html('<i id="query"></i>')
