"""Map: the whole collection in two dimensions; what is selected on it can be searched with and browsed."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.projection import NeighbourMap, Projection
from imsearch_core.projection.base import MEASURED
from imsearch_core.projection.tsne import STEPS
from imsearch_core.search.filters import Filters
from imsearch_core.ui.components.filters import choose_filters
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.components.map import picture_map
from imsearch_core.ui.components.map.groups import (
    Groups,
    by_cluster,
    by_fit,
    by_kind,
    by_label,
    by_suggestion,
)
from imsearch_core.ui.components.selection import (
    follow_selection,
    look_at_selection,
    select,
    selection,
    selection_bar,
)
from imsearch_core.ui.search.query import open_on_search
from imsearch_core.ui.shell.dead_end import page
from imsearch_core.ui.shell.facts import judged_labels
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import list_to_url

GRID = 60  # pictures of a selection that are shown
EXAMPLES = 8  # pictures that join the first of a selection in a search
CLUSTERS, PCA = "Clusters", "PCA"
JUDGED = {"Looks like": by_suggestion, "Label fit": by_fit, "Problem": by_kind}
COLOURS = ("Label", "Cluster", *JUDGED)
MIDDLE = 1  # of the levels of clusters, the one that colours show


@page
def map_page() -> None:
    photos = frame("Map")
    follow_selection()
    st.title("Map")
    layout, coloured, filters = _choose_layout(photos)
    with st.container():  # with or without its bar: the map keeps its place, or it would be there twice
        made = _neighbour_map(photos) if layout == CLUSTERS else None
    shown = made or photos.pca
    clusters = _named_clusters(photos, made) if made else []
    if coloured == "Cluster" and made:
        groups = by_cluster(photos, made.items, *clusters[MIDDLE])
    elif coloured in JUDGED:
        groups = JUDGED[coloured](photos, judged_labels(photos))
    else:
        groups = by_label(photos)
    passing = photos.filtering.items(filters) if filters else None
    map_column, gallery_column = st.columns([2.2, 1], gap="medium")
    with map_column:
        chosen = selection(photos)
        picture_map(photos, shown, groups, clusters, passing, chosen, "map", select)
        _say_how_true(photos, shown, "map" if made else "PCA map", passing)
    with gallery_column:
        ordered = _selected(photos, chosen) if chosen else _examples(photos, shown, groups, passing)
        gallery(cells(photos, ordered[:GRID]), "selected", open_on_search)
        if len(ordered) > GRID:
            st.caption(f"The {GRID} most typical. Browse shows all.")
    selection_bar(photos, counts=False)


def _choose_layout(photos: Collection) -> tuple[str, str, Filters]:
    """Which map, what its colours mean, and which pictures it shows."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layout = st.segmented_control(
            "Layout",
            [CLUSTERS, PCA],
            default=CLUSTERS,
            required=True,
            key="layout",
            bind="query-params",
            help="Clusters (t-SNE) keeps similar pictures together; distances between clusters mean little. "
            "PCA is a straight projection: its distances are as true as two directions can show them.",
        )
        coloured = st.segmented_control(
            "Colour", COLOURS, default=_telling(photos), required=True, key="colour", bind="query-params"
        )
        filters = choose_filters(photos)
    return layout, coloured, filters


def _telling(photos: Collection) -> str:
    """The colours to begin with: labels, where there are any."""
    return "Label" if set(photos.label_counts) - {None} else "Cluster"


def _named_clusters(photos: Collection, made: Projection) -> list[tuple[np.ndarray, list[str]]]:
    """The groups on the neighbour map, coarse to fine, each with the names of its groups."""
    clusters, labels = photos.clusters(), photos.shown_labels
    names = clusters.names([labels[photos.items[item].file] for item in made.items])
    return list(zip(clusters.of_point, names, strict=True))


def _neighbour_map(photos: Collection) -> Projection | None:
    """The neighbour map, if it is there; otherwise it is begun, and the page says how far it is."""
    neighbours = photos.neighbour_map
    if made := neighbours.read():
        return made
    if not neighbours.possible:
        st.caption("A map of clusters needs 5 pictures or more. This is PCA.")
    elif neighbours.failure:
        st.warning(f"There is no map of clusters: {plain(neighbours.failure)}", icon=":material/warning:")
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
        st.progress(neighbours.steps / STEPS, f"PCA for now. The map of clusters is being made: {done}")
        if st.button("Stop", icon=":material/stop:", type="tertiary"):
            neighbours.stop()
            st.session_state["layout"] = PCA
            st.rerun()


def _say_how_true(photos: Collection, shown: Projection, name: str, passing: np.ndarray | None) -> None:
    sample = "" if len(shown.items) == len(photos) else f"An even sample of the {len(photos):,} pictures. "
    measured = f", measured among {MEASURED:,} of them." if len(shown.items) > MEASURED else "."
    some = "" if passing is None else f"{np.isin(shown.items, passing).sum():,} of "
    st.caption(
        f"{sample}{some}{len(shown.items):,} pictures. Of a picture’s 9 nearest neighbours, {shown.kept:.0%} "
        f"are among its 9 nearest on this {name}{measured}"
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


def _examples(photos: Collection, shown: Projection, groups: Groups, passing: np.ndarray | None) -> list[str]:
    """The most typical file of each group on the map."""
    placed = shown.items if passing is None else np.intersect1d(shown.items, passing)
    group_of = groups.of_item[placed]  # only of pictures on the map: of a million, that is a sample
    by_group = [placed[group_of == group] for group in range(len(groups.names))]
    st.subheader("Draw around points to select")
    st.caption("Here, the most typical picture of each colour.")
    return [_typical(photos, items)[0] for items in by_group if len(items)]


def _typical(photos: Collection, items: np.ndarray) -> list[str]:
    """The files of `items` int64 [≥ 1], the most typical first: nearest to their mean."""
    rows = photos.embeddings.unit_rows(items)
    order = np.argsort(-(rows @ rows.mean(axis=0)), kind="stable")
    return [photos.items[i].file for i in items[order]]


def search_by(files: list[str]) -> None:
    open_on_search(files[0])
    list_to_url("like", files[1 : 1 + EXAMPLES])
