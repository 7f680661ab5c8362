"""The neighbours of a search: the grid with what has moved, what to take away, why two are alike."""

from collections import Counter
from dataclasses import asdict, replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.search.explain import shared_classes
from imsearch_core.search.export import results_csv, results_json, results_picture
from imsearch_core.search.filters import Filters
from imsearch_core.search.query import Query
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.gallery import THUMBNAIL_SIDE, Cell, cells, gallery
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.selection import select
from imsearch_core.ui.report import offer_report
from imsearch_core.ui.search.query import add_example, use_file
from imsearch_core.ui.search.weighting import Weighting
from imsearch_core.ui.shell.text import plain, sendable


def show_neighbours(
    photos: Collection,
    found: SearchResult,
    key: str,
    weighting: Weighting,
    before: SearchResult | None = None,
) -> None:
    """The grid; with the plain neighbours as `before`, it says how the ranks have changed."""
    st.caption(f"{len(found.results)} nearest, {_way(found)}")
    if not found.results:
        st.info("No other picture is left to compare with.", icon=":material/search_off:")
        return
    moved = _moves(found, before) if before else {}

    def marked(cell: Cell) -> Cell:
        heat = weighting.heat(photos, cell.file, THUMBNAIL_SIDE)
        return replace(cell, move=moved.get(cell.file, ""), heat=media_url(heat) if heat else "")

    shown = [marked(cell) for cell in cells(photos, found.results)]
    gallery(shown, key, use_file, add_example if found.query else None)
    gone = sum(result.file not in moved for result in before.results) if before else 0
    labels = Counter(cell.label for cell in shown).most_common()
    told = [", ".join(f"{plain(label)} {count}" for label, count in labels)]
    told += [f"{gone} of the plain ones gone"] if gone else []
    told += [f"{_passes(found.query)}, a search of {found.milliseconds:.1f} ms"]
    st.caption(" · ".join(told))


def show_by_likelihood(photos: Collection, found: SearchResult, weighting: Weighting) -> None:
    """The neighbours of a text: those that probably show it, then the others; says so first if none does."""
    if not found.likely:
        if found.likely == 0 and found.results:
            st.info("Probably no picture shows this. The nearest are below.", icon=":material/search_off:")
        show_neighbours(photos, found, "by_words", weighting)
        return
    likely = replace(found, results=found.results[: found.likely])
    others = replace(found, results=found.results[found.likely :])
    st.markdown("**Likely**")
    show_neighbours(photos, likely, "by_words", weighting)
    if others.results:
        st.markdown("**Less likely**")
        show_neighbours(photos, others, "less_likely", weighting)


def offer_exports(
    photos: Collection, found: SearchResult, before: SearchResult | None, source: str | bytes
) -> None:
    """The neighbours as tables and as a picture for a slide, with the plain ones `before` if there are any.

    `source` is the query's picture, as a file of the collection or its content. A report about the whole
    collection is here as well.
    """

    def picture(plain_results: SearchResult | None) -> bytes:
        query_image = photos.open_image(source) if isinstance(source, bytes) else None
        return results_picture(photos.open_image, found, plain_results, query_image)

    with st.popover("Export", icon=":material/download:", type="tertiary"):
        offered = [
            ("Picture for a slide (PNG)", lambda: picture(None), "neighbours.png"),
            ("Table (CSV)", lambda: results_csv(found), "neighbours.csv"),
            ("Data (JSON)", lambda: results_json(found), "neighbours.json"),
        ]
        if before:
            compared = ("Compared with plain (PNG)", lambda: picture(before), "compared.png")
            offered.insert(1, compared)
        for what, make, name in offered:
            st.download_button(what, make, name, on_click="ignore")
        st.divider()
        offer_report(photos)


def explain_likeness(photos: Collection, query: Query, found: SearchResult) -> None:
    """The classes that the query and a neighbour share."""
    with st.popover("Why are two pictures alike?", icon=":material/help:", type="tertiary"):
        if not photos.classes.available:
            st.caption(
                f"{plain(photos.encoder_name)} knows no classes, so it cannot name what two pictures share."
            )
            return
        if not photos.classes.ready:
            st.caption("This names the classes that two pictures share: choose *Name what is seen* first.")
            return
        files = [result.file for result in found.results]
        other = st.selectbox("The query and", files, format_func=sendable, key="why")
        if other:
            st.caption("The ImageNet classes that contribute most to their cosine, with their shares")
            both = shared_classes(query.embedding, photos.query(other).embedding, photos.head)
            for shared, share in both:
                st.progress(share / both[0][1], f"{shared.name} {share:.1%}")


def select_alike(photos: Collection, query: Query, only: Filters) -> None:
    """Selects every picture that is alike enough, however many are shown."""
    with st.popover("Select", icon=":material/select_all:", type="tertiary"):
        least = st.number_input("Cosine at least", -1.0, 1.0, 0.8, 0.05, key="select_above")
        st.button(
            "Select all of these",
            on_click=lambda: select(
                [
                    result.file
                    for result in photos.search(query, len(photos), **asdict(only)).results
                    if result.cosine >= least
                ]
            ),
        )


def _way(found: SearchResult) -> str:
    if found.text:
        picture_too = " and the picture" if found.query else ""
        places = {"conse": "ConSE", "phrase": found.encoder_name}.get(found.method, "ConSE and training")
        return f"“{plain(found.text.text)}”{picture_too}, by {places}"
    return f"{found.method} on {found.focus.name}" if found.focus else found.method


def _moves(found: SearchResult, before: SearchResult) -> dict[str, str]:
    """How the ranks have changed, by file."""
    ranks = {result.file: result.rank for result in before.results}
    return {
        result.file: "new" if result.file not in ranks else f"{'↑' if up > 0 else '↓'}{abs(up)}" if up else ""
        for result in found.results
        for up in (ranks.get(result.file, 0) - result.rank,)
    }


def _passes(query: Query | None) -> str:
    """What the network had to do for this search."""
    stored = query is None or (query.item is not None and query.region is None)
    return "no forward pass" if stored else "one forward pass"
