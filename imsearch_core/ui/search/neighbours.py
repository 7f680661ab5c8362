"""The neighbours of a search: the grid with what has moved, what to take away, why two are alike."""

import math
from collections import Counter
from dataclasses import asdict, replace

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.encoders.imagenet import ImageNetClass, meant_by
from imsearch_core.search.explain import shared_classes
from imsearch_core.search.export import results_csv, results_json, results_picture
from imsearch_core.search.filters import Filters
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.gallery import THUMBNAIL_SIDE, Cell, cells, gallery, has_score
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.selection import select, selection
from imsearch_core.ui.components.versus import Half, moves, show_versus
from imsearch_core.ui.report import offer_report
from imsearch_core.ui.search.query import add_example, use_file
from imsearch_core.ui.search.weighting import LEAST_PROBABILITY, Weighting
from imsearch_core.ui.shell.text import plain, sendable


def show_neighbours(
    photos: Collection,
    found: SearchResult,
    key: str,
    weighting: Weighting,
    before: SearchResult | None = None,
    about: str | None = None,
) -> None:
    """The grid; with the plain neighbours as `before`, it says what has changed, or stands beside theirs.

    `about` is the line above it, in Markdown; else that says how many are most similar to what.
    """
    comparing = bool(before) and weighting.compare
    changes = _changes(photos, found, before) if before else []
    if comparing:
        st.subheader(" · ".join(changes), anchor=False)
    else:
        st.caption(" · ".join([about or _most_similar(found), *changes]))
    if not found.results:
        st.info("No other picture is left to compare with.", icon=":material/search_off:")
        return
    judge = add_example if found.query else None

    def heated(cell: Cell) -> Cell:
        heat = weighting.heat(photos, cell.file, THUMBNAIL_SIDE)
        # Beside the cosine to a text, a percentage looks like a probability.
        percentile = cell.percentile if found.query else None
        return replace(cell, heat=media_url(heat) if heat else "", percentile=percentile)

    if comparing:
        weighted = _weighted(found)
        left = Half(photos, before, "Plain", "plain_neighbours")
        right = Half(photos, found, f"{weighted[0].upper()}{weighted[1:]}", key)
        show_versus(left, right, use_file, judge, heated)
        return
    moved = moves(before, found) if before else {}
    shown = [replace(heated(cell), move=moved.get(cell.file, "")) for cell in cells(photos, found.results)]
    gallery(shown, key, use_file, judge)
    labels = Counter(cell.label for cell in shown if cell.label).most_common()
    if labels:
        st.caption(", ".join(f"{plain(label)} {count}" for label, count in labels))


def name_figures(found: SearchResult) -> None:
    """Say what the figures below the neighbours are."""
    if not found.results:
        return
    if any(map(has_score, found.results)):
        first = "the score, which sets the order, and "
    elif found.query:
        first = "how much of the collection is less similar, and "
    else:
        first = ""
    st.caption(f"Below each picture: {first}the cosine similarity.")


def show_by_likelihood(photos: Collection, found: SearchResult, weighting: Weighting) -> None:
    """The neighbours of a text: those that probably show it, then the others; says so first if none does."""
    if not found.likely:
        if found.likely == 0 and found.results:
            st.info("No picture clearly shows this. The nearest are below.", icon=":material/search_off:")
        show_neighbours(photos, found, "by_words", weighting)
        return
    likely = replace(found, results=found.results[: found.likely])
    others = replace(found, results=found.results[found.likely :])
    show_neighbours(photos, likely, "by_words", weighting, about=f"**Likely** · {_most_similar(likely)}")
    if others.results:
        about = f"**Less likely** · the next {len(others.results)}"
        show_neighbours(photos, others, "less_likely", weighting, about=about)


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

    with st.popover("Export", icon=":material/download:", type="tertiary", key="export"):
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
        offer_report(photos)


def explain_likeness(photos: Collection, found: SearchResult) -> None:
    """The classes that the query and a neighbour share, if the query is a picture."""
    if not found.query:
        return
    popover = st.popover(
        "Why are two pictures alike?",
        icon=":material/help:",
        type="tertiary",
        on_change="rerun",
        key="why_alike",
    )
    if not popover.open:
        return
    with popover:
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
            both = shared_classes(found.query.embedding, photos.query(other).embedding, photos.head)
            for shared, share in both:
                st.progress(share / both[0][1], f"{shared.name} {share:.1%}")


def select_alike(photos: Collection, found: SearchResult, only: Filters) -> None:
    """Selects every picture that is alike enough, however many are shown; to begin with, as those are."""
    if not found.results:
        return

    def choose() -> None:
        asked = {"k": len(photos), **asdict(only)}
        everything = (
            photos.search(found.query, **asked)
            if found.query
            else photos.search_text(found.text.text, **asked)
        )
        select([result.file for result in everything.results if result.cosine >= least])

    shown = math.floor(100 * min(result.cosine for result in found.results)) / 100
    with st.popover("Select", icon=":material/select_all:", type="tertiary"):
        least = st.number_input("Cosine at least", -1.0, 1.0, shown, 0.05, key=f"select_above_{shown}")
        pressed = st.button("Select all of these", on_click=choose)
        if pressed and not selection(photos):
            st.caption(f"No picture has a cosine of {least:.2f} or more.")


def _most_similar(found: SearchResult) -> str:
    return f"{len(found.results)} most similar{_way(found)}"


def _way(found: SearchResult) -> str:
    """What the pictures are most similar to, where that is not just the query."""
    if found.text:
        return f" to “{plain(found.text.text)}”" + (" and the picture" if found.query else "")
    part = " to this part" if found.query and found.query.region else ""
    return part if found.method == "plain" else f"{part}, {_weighted(found)}"


def _weighted(found: SearchResult) -> str:
    if not found.focus:
        return found.method
    return f"{'reweighed by' if found.method == 'reweigh' else 'more of'} {plain(found.focus.name)}"


def _changes(photos: Collection, found: SearchResult, before: SearchResult) -> list[str]:
    """How many pictures were not among those `before`, and of what there are more now."""
    earlier = {result.file for result in before.results}
    replaced = sum(result.file not in earlier for result in found.results)
    told = [f"{replaced} of {len(found.results)} replaced"]
    if isinstance(found.focus, ImageNetClass):
        told += gain(photos, found.focus, found, before)
    return told


def gain(photos: Collection, wanted: ImageNetClass, found: SearchResult, before: SearchResult) -> list[str]:
    """How many pictures showed a class `before` and show it now, if that are more.

    They are counted by the label that means the class and least else, which is what one sees below the
    pictures: the first guess of a picture often is another class of that label. Where the label makes no
    difference, as among cats, what a picture looks like is counted as the page says it.
    """

    def looks_like(file: str) -> bool:
        seen = photos.classify(file)
        return any(one.index == wanted.index and one.probability >= LEAST_PROBABILITY for one in seen)

    ways = [(wanted.name, looks_like)]
    labels = sorted({label for result in found.results for label in labels_of(photos, result.file)})
    meaning = [label for label in labels if wanted.index in meant_by(label)]
    if meaning:
        label = min(meaning, key=lambda one: len(meant_by(one)))
        ways.insert(0, (label, lambda file: label in labels_of(photos, file)))
    for name, shows in ways:
        earlier, now = (sum(shows(result.file) for result in each.results) for each in (before, found))
        if now > earlier:
            return [f"{plain(name)} {earlier} → {now}"]
    return []


def labels_of(photos: Collection, file: str) -> set[str]:
    """Every class known to be in a picture of the collection."""
    return {*photos.item(file).all_labels, *filter(None, [photos.shown_labels[file]])}
