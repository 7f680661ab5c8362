"""Retrieval figures of the two sides: in all, per class, and the queries with the worst ones."""

from dataclasses import replace

import streamlit as st

from imsearch_core.compare.retrieval import Figures, Retrieval
from imsearch_core.compare.sides import Side
from imsearch_core.ui.compare.sides import K, name_of
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.search.query import open_on_search
from imsearch_core.ui.shell.text import plain, sendable

_WORST = 12
_EVERY = "All classes"
_NAMES = {"precision": f"Precision at {K}", "recall": f"Recall at {K}", "average_precision": "mAP"}
_SHORT = {"precision": "precision", "recall": "recall", "average_precision": "mAP"}
_HELP = {
    "precision": f"Of the {K} nearest, the share that has a class in common with the query",
    "recall": f"Of all pictures that have a class in common with the query, the share among the {K} nearest",
    "average_precision": "Over all pictures that have a class in common with the query, the mean of the "
    "precision at the rank of each",
}


def show_figures(found: Retrieval, other: Figures | None = None) -> None:
    """Three figures with their intervals; with those of the `other` side, how they differ."""
    with st.container(horizontal=True):
        for figure, name in _NAMES.items():
            value = getattr(found.mean, figure)
            delta = None if other is None else f"{value - getattr(other, figure):+.3f}"
            st.metric(name, f"{value:.3f}", delta, help=_HELP[figure])
    ranges = {name: getattr(found.interval, figure) for figure, name in _SHORT.items()}
    told = ", ".join(f"{name} {low:.3f} to {high:.3f}" for name, (low, high) in ranges.items())
    st.caption(f"{found.mean.queries:,} queries. 95% intervals: {told}.")


def show_classes(left: Side, right: Side, ours: Retrieval, theirs: Retrieval) -> None:
    """The precision of each class on both sides, the worst on the left first."""
    rows = [
        {
            "class": sendable(label),
            "queries": figures.queries,
            "left": figures.precision,
            "right": theirs.per_class[label].precision,
            "difference": round(theirs.per_class[label].precision - figures.precision, 3) + 0.0,  # not -0.000
        }
        for label, figures in sorted(ours.per_class.items(), key=lambda pair: pair[1].precision)
        if label in theirs.per_class
    ]
    st.caption(f"Precision at {K} of each class")
    share = {"format": "%.3f", "min_value": 0.0, "max_value": 1.0, "color": "#0d9488"}
    st.dataframe(
        rows,
        column_config={
            "left": st.column_config.ProgressColumn(name_of(left), **share),
            "right": st.column_config.ProgressColumn(name_of(right), **share),
            "difference": st.column_config.NumberColumn(format="%+.3f"),
        },
        hide_index=True,
        height=min(38 + 35 * len(rows), 400),
        alt=f"Precision at {K} of each class, left and right",
    )


def show_worst(sides: dict[str, tuple[Side, Retrieval]]) -> None:
    """The queries with the lowest precision; a click opens one on Search."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Worst queries", list(sides), default="Left", required=True, key="worst", bind="query-params"
        )
        side, found = sides[chosen]
        label = st.selectbox(
            "Class", [_EVERY, *found.per_class], format_func=sendable, key="worst_class", width=220
        )
    photos = side.photos
    places = [p for p in found.worst_first() if label == _EVERY or label in found.labels[p]][:_WORST]
    files = [photos.items[found.queries[place]].file for place in places]
    noted = [
        replace(cell, move=f"{round(K * found.precision[place])} of {K}")
        for cell, place in zip(cells(photos, files), places, strict=True)
    ]
    st.caption(
        f"How many of their {K} nearest share a class with them, by {plain(name_of(side))}. "
        "Pick one to see its neighbours on Search."
    )
    gallery(noted, "worst_queries", open_on_search)
