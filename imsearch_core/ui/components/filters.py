"""The filters that every page shares: a popover to choose them, and a chip for each that is on.

They are in the address, and stay on from page to page.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection as Photos
from imsearch_core.datasets.layout import SPLITS
from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.labels.problems import DOUBTFUL, POOR
from imsearch_core.labels.quality import QualityIssue
from imsearch_core.labels.ranking import LabelIssue
from imsearch_core.search.filters import SEVERAL, Filters
from imsearch_core.ui.shell.facts import judged_labels, poor_pictures, properties
from imsearch_core.ui.shell.text import plain, sendable
from imsearch_core.ui.shell.url import list_from_url, list_to_url
from imsearch_core.ui.shell.warn import warn

IN_URL = {
    "label": "labels",
    "split": "split",
    "tag": "tags",
    "problem": "problems",
    "taken": "taken",
    "camera": "camera",
    "name": "name",
    "min_size": "min_size",
}
"""The name of each filter in the address."""
_PROBLEMS = {
    DOUBTFUL: [str(kind) for kind in LabelIssue if kind.is_doubtful],
    POOR: [str(issue) for issue in QualityIssue],
}

Then = Callable[[], None]


def choose_filters(photos: Photos, elsewhere: Collection[str] = (), then: Then = lambda: None) -> Filters:
    """The filters that are on; `then` is called when they change.

    Those named in `elsewhere` are shown and chosen in another place of the page.
    """
    filters, wrong = _from_url(photos)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        popover = st.popover("Filter", icon=":material/filter_list:", key="filter", on_change="rerun")
        if popover.open:
            with popover:
                _ask(photos, filters, elsewhere, then)
        for name, value in _on(filters, elsewhere):
            st.button(
                _said(name, value),
                icon=":material/close:",
                key=f"filtered_{name}_{sendable(value)}",
                help="Remove this filter",
                on_click=_remove,
                args=(name, value, then),
            )
    if wrong:
        warn(wrong)
    _prepare(photos, filters)
    return filters


def clear_filters() -> None:
    """Take all filters off."""
    for name in IN_URL.values():
        list_to_url(name, [])


def _from_url(photos: Photos) -> tuple[Filters, str]:
    """What the address says, and what is wrong with it; wrong filters are taken off.

    Labels, splits and tags of another collection have no effect here.
    """
    known = {
        "label": lambda: {label or NO_LABEL for label in photos.label_counts},
        "split": lambda: {item.split for item in photos.items},
        "tag": lambda: {tag for tags in photos.corrections.tags.values() for tag in tags},
    }
    given, wrong = {}, ""
    for name, in_url in IN_URL.items():
        values = list(dict.fromkeys(list_from_url(in_url)))
        if values and name in known:
            there = known[name]()
            values = [value for value in values if value in there]
        try:
            value = tuple(values) if name in SEVERAL else next(iter(values), None)
            one = {name: _whole(value) if name == "min_size" and value else value}
            Filters.of(**one)
            given |= one
        except UsageError as error:
            wrong = str(error)
            list_to_url(in_url, [])
    return Filters.of(**given), wrong


def _whole(text: str) -> int:
    if not (text.isdecimal() and len(text) < 7):
        raise UsageError(f"the smallest size is {text[:20]!r}: it must be a whole number of pixels")
    return int(text)


def _on(filters: Filters, elsewhere: Collection[str]) -> list[tuple[str, Any]]:
    """The name and value of each chip."""
    on = []
    for name in filters.given:
        value = getattr(filters, name)
        if name not in elsewhere:
            on += [(name, one) for one in (value if name in SEVERAL else [value])]
    return on


def _said(name: str, value: Any) -> str:
    text = plain(value)
    return {
        "tag": f"#{text}",
        "taken": f"Taken {plain(str(value).replace('..', ' to '))}",
        "name": f"File: {text}",
        "min_size": f"{text} pixels or more",
    }.get(name, text)


def _remove(name: str, value: str, then: Then) -> None:
    list_to_url(IN_URL[name], [other for other in list_from_url(IN_URL[name]) if other != str(value)])
    then()


def _prepare(photos: Photos, filters: Filters) -> None:
    """Find out, with a progress bar, what the filters ask about."""
    if filters.problem:
        judged_labels(photos)
        poor_pictures(photos)
    if filters.taken or filters.camera or filters.min_size:
        properties(photos)


def _ask(photos: Photos, filters: Filters, elsewhere: Collection[str], then: Then) -> None:
    """The controls in the popover: those for which the collection has something to choose."""
    taken = properties(photos)["taken"]
    if "label" not in elsewhere and photos.label_counts.keys() - {None}:
        labels = {label or NO_LABEL: count for label, count in photos.label_counts.items()}
        _several("label", "Labels", filters.label, labels, then)
    splits = Counter(item.split for item in photos.items)
    _one("split", "Split", filters.split, [name for name in SPLITS if splits[name]], then)
    tags = Counter(tag for names in photos.corrections.tags.values() for tag in names)
    _several("tag", "Tags", filters.tag, dict(sorted(tags.items())), then)
    problems = [name for general, kinds in _PROBLEMS.items() for name in (general, *kinds)]
    _several("problem", "Problems", filters.problem, dict.fromkeys(problems), then)
    cameras = sorted(set(photos.facts.cameras.tolist()) - {""})
    _one("camera", "Camera", filters.camera, cameras, then)
    dates = taken[~np.isnat(taken)].astype("M8[D]")
    if len(dates):
        said = f"{dates.min()} to {dates.max()}; write 2019, 2019-05, or 2019-05..2020"
        _text("taken", "Taken", filters.taken, said, then)
    _text("name", "File name", filters.name, "A part of it, or IMG_2*", then)
    _text("min_size", "Pixels of the shorter side, at least", filters.min_size, "Such as 500", then)
    if filters:
        st.button("Clear all", icon=":material/close:", type="tertiary", on_click=_clear, args=(then,))


def _clear(then: Then) -> None:
    clear_filters()
    then()


def _several(
    name: str, title: str, chosen: tuple[str, ...], counts: Mapping[str, int | None], then: Then
) -> None:
    if not counts and not chosen:
        return
    options = list(dict.fromkeys([*counts, *chosen]))
    _widget(st.multiselect, name, title, list(chosen), then)(
        options,
        format_func=lambda one: sendable(one) + (f" ({counts[one]:,})" if counts.get(one) else ""),
        placeholder="Any",
    )


def _one(name: str, title: str, chosen: str | None, options: list[str], then: Then) -> None:
    if not options and not chosen:
        return
    options = list(dict.fromkeys([*options, *filter(None, [chosen])]))
    _widget(st.selectbox, name, title, chosen, then)(options, format_func=sendable, placeholder="Any")


def _text(name: str, title: str, value: str | int | None, placeholder: str, then: Then) -> None:
    _widget(st.text_input, name, title, "" if value is None else str(value), then)(placeholder=placeholder)


def _widget(draw: Callable, name: str, title: str, value: Any, then: Then) -> Callable:
    """What draws a widget that shows `value` and puts another into the address."""
    key = f"choose_{name}"
    st.session_state[key] = value

    def changed() -> None:
        chosen = st.session_state[key]
        list_to_url(IN_URL[name], chosen if isinstance(chosen, list) else list(filter(None, [chosen])))
        then()

    return partial(draw, title, key=key, on_change=changed)
