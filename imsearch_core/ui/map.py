"""Map: the whole collection in two dimensions; what is selected on it can be searched with and browsed."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.projection import NeighbourMap, Projection
from imsearch_core.projection.base import MEASURED
from imsearch_core.projection.tsne import STEPS
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.components.map import picture_map
from imsearch_core.ui.components.map.groups import Groups, by_kind, by_label, by_quality, by_suggestion
from imsearch_core.ui.components.selection import (
    follow_selection,
    lead_to,
    look_at_selection,
    select,
    selection,
    selection_bar,
)
from imsearch_core.ui.search.query import use_file
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.resources import judged_labels
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import list_to_url

GRID = 60  # pictures of a selection that are shown
EXAMPLES = 8  # pictures that join the first of a selection in a search
COLOURS = {"Label": by_label, "Suggestion": by_suggestion, "Quality": by_quality, "Kind": by_kind}


def map_page() -> None:
    photos = frame("Map")
    follow_selection()
    st.title("Map")
    layout, coloured = _choose_layout()
    made = _neighbour_map(photos) if layout == "Neighbours" else None
    shown = made or photos.pca
    groups = by_label(photos) if coloured == "Label" else COLOURS[coloured](photos, judged_labels(photos))
    map_column, gallery_column = st.columns([1.7, 1], gap="medium")
    with map_column:
        chosen = selection(photos)
        picture_map(photos, shown, groups, chosen, "map", select)
        _say_how_true(photos, shown, "neighbour map" if made else "PCA map")
    with gallery_column:
        ordered = _selected(photos, chosen) if chosen else _examples(photos, shown, groups)
        gallery(cells(photos, ordered[:GRID]), "selected", lambda file: search_by([file]))
        if len(ordered) > GRID:
            st.caption(f"The {GRID} most typical. Browse shows all.")
    selection_bar(photos, counts=False)


def _choose_layout() -> tuple[str, str]:
    """Which map, and what its colours mean."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layout = st.segmented_control(
            "Layout",
            ["Neighbours", "PCA"],
            default="Neighbours",
            required=True,
            key="layout",
            bind="query-params",
            help="Neighbours (t-SNE) keeps similar pictures together; distances between groups mean little. "
            "PCA is a straight projection: its distances are as true as two directions can show them.",
        )
        coloured = st.segmented_control(
            "Colour", list(COLOURS), default="Label", required=True, key="colour", bind="query-params"
        )
    return layout, coloured


def _neighbour_map(photos: Collection) -> Projection | None:
    """The neighbour map, if it is there; otherwise it is begun, and the page says how far it is."""
    neighbours = photos.neighbour_map
    if made := neighbours.read():
        return made
    if not neighbours.possible:
        st.caption("A neighbour map needs 5 pictures or more. This is PCA.")
    elif neighbours.failure:
        st.warning(f"There is no neighbour map: {plain(neighbours.failure)}", icon=":material/warning:")
        if st.button("Try again", icon=":material/refresh:"):
            neighbours.start()
            st.rerun()
    else:
        neighbours.start()
        _wait(neighbours)
    return None


@st.fragment(run_every=0.5)
def _wait(neighbours: NeighbourMap) -> None:
    """Show how far the neighbour map is, and the whole page again when it is there."""
    if not neighbours.working:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        done = f"step {neighbours.steps:,} of {STEPS:,}" if neighbours.steps else "comparing all pictures"
        st.progress(neighbours.steps / STEPS, f"PCA for now. The neighbour map is being made: {done}")
        if st.button("Stop", icon=":material/stop:", type="tertiary"):
            neighbours.stop()
            st.session_state["layout"] = "PCA"
            st.rerun()


def _say_how_true(photos: Collection, shown: Projection, name: str) -> None:
    sample = "" if len(shown.items) == len(photos) else f"An even sample of the {len(photos):,} pictures. "
    measured = f", measured among {MEASURED:,} of them." if len(shown.items) > MEASURED else "."
    st.caption(
        f"{sample}{len(shown.items):,} pictures. Of a picture’s 9 nearest neighbours, {shown.kept:.0%} are "
        f"among its 9 nearest on this {name}{measured}"
    )


def _selected(photos: Collection, chosen: Sequence[str]) -> list[str]:
    """The selected files, the most typical first, below what can be done with them."""
    index_of = {item.file: i for i, item in enumerate(photos.items)}
    ordered = _typical(photos, np.array([index_of[file] for file in chosen]))
    st.subheader(f"{len(chosen):,} selected")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Search", icon=":material/image_search:", on_click=search_by, args=(ordered,),
            help=f"The most typical picture is the query; up to {EXAMPLES} others say what is meant",
        )  # fmt: skip
        st.button(
            "Browse", icon=":material/grid_view:", on_click=look_at_selection, args=("pages/browse.py",)
        )
    return ordered


def _examples(photos: Collection, shown: Projection, groups: Groups) -> list[str]:
    """The most typical file of each group on the map."""
    group_of = groups.of_item[shown.items]  # only of pictures on the map: of a million, that is a sample
    by_group = [shown.items[group_of == group] for group in range(len(groups.names))]
    st.subheader("Drag around pictures")
    st.caption(f"Here, the most typical of each {groups.title.lower()}.")
    return [_typical(photos, items)[0] for items in by_group if len(items)]


def _typical(photos: Collection, items: np.ndarray) -> list[str]:
    """The files of `items` int64 [≥ 1], the most typical first: nearest to their mean."""
    rows = photos.embeddings.unit_rows(items)
    order = np.argsort(-(rows @ rows.mean(axis=0)), kind="stable")
    return [photos.items[i].file for i in items[order]]


def search_by(files: list[str]) -> None:
    use_file(files[0])
    list_to_url("like", files[1 : 1 + EXAMPLES])
    lead_to("app.py")
