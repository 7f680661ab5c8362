"""A few steps through the explorer. Each sets the real controls, and says what they have found just now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.search.filters import Filters
from imsearch_core.search.query import Region
from imsearch_core.search.results import SearchResult
from imsearch_core.ui.components.filters import clear_filters
from imsearch_core.ui.components.selection import lead_to
from imsearch_core.ui.search.examples import WRITTEN, Examples, count, find_examples, written_examples
from imsearch_core.ui.search.query import Chosen, prepare_encoder, use_file, use_region
from imsearch_core.ui.search.weighting import NAME_OF
from imsearch_core.ui.shell.shared_work import wait_for
from imsearch_core.ui.shell.text import plain
from imsearch_core.ui.shell.url import from_url, to_url

_HIDDEN = "hidden"
_BEGINS = "story_begins"
_PLAIN = {
    "class": None,
    "refined": False,
    "compare": False,
    "method": "focus",
    "strength": 0.5,
    "text": "",
    "text_weight": 1.0,
    "k": 9,
}


@dataclass(frozen=True)
class Step:
    """One step: what there is to see, and the values of the controls that show it."""

    title: str
    sentence: str
    label: str | None = None
    """How many of the results show it is said after the sentence."""
    controls: dict[str, Any] = field(default_factory=dict)
    region: str | None = None


def steps_of(photos: Collection, examples: Examples) -> list[Step]:
    """The story of a collection, without the steps that have no example."""
    filed, shows = photos.shown_labels[examples.opening], examples.shows
    seen = photos.classify(examples.opening, 1)[0].name
    yet = "and" if filed == shows else "yet"
    steps = [
        Step(
            "Search by picture",
            f"This is filed under *{plain(filed)}*, {yet} looks like *{plain(seen)}*. Its neighbours are "
            "found by looks, not labels:",
            shows,
        )
    ]
    if examples.more_of:
        index, label = examples.more_of
        controls = {"class": NAME_OF[index], "compare": True}
        sentence = "The same picture, but *More of* a class; *Strength* sets how much more:"
        steps.append(Step("Focus on a class", sentence, label, controls))
    if examples.region:
        region, label = examples.region
        sentence = f"Drag on the {plain(label)}, as here, to search with that part of the picture:"
        steps.append(Step("Search with a part", sentence, label, region=str(region)))
    if examples.text:
        text, label = examples.text
        sentence = "Words and pictures share a space: type what you look for."
        steps.append(Step("Search by text", sentence, label, {"text": text}))
    steps.append(Step("Review", "Labels that do not fit their pictures are listed in *Review*, worst first."))
    return steps


def has_line(photos: Collection) -> bool:
    """Whether the page has a line for the story; this is known before there is a query.

    The story waits until all pictures are embedded: what it says is about all of them.
    """
    number = from_url("story", None)
    told = number or written_examples(photos)
    coming = photos.report.missing and any(dataset.folder == photos.folder for dataset in WRITTEN)
    return photos.classes.ready and number != _HIDDEN and bool(told or coming)


def offer_story(photos: Collection) -> None:
    """A button that begins the story of a labelled folder, which has none of its own."""
    labelled = len([label for label in photos.label_counts if label]) > 1
    offered = labelled and not written_examples(photos) and not from_url("story", None)
    if offered and photos.classes.ready and not photos.report.missing:
        st.button(
            "Show me around",
            icon=":material/tour:",
            type="tertiary",
            key="show_around",
            on_click=_begin,
        )


def begin_story(photos: Collection) -> None:
    """Look for examples, with a bar, if somebody has just asked for the story, and ask for its first step.

    Call it before there are controls.
    """
    if st.session_state.pop(_BEGINS, False) and (examples := _found_examples(photos)):
        _go(steps_of(photos, examples), 0, examples.opening)


def story(photos: Collection, chosen: Chosen, only: Filters) -> Callable[[SearchResult | None], None]:
    """The present step, with the ways to the others; returns what adds what has been found, if anything.

    A built-in dataset begins with its story. When something else than the step is searched for, only a way
    back is shown.
    """
    if not has_line(photos):
        return _silent
    if photos.report.missing:
        st.caption("You will be shown around as soon as all pictures are embedded.")
        return _silent
    number, examples = from_url("story", None), written_examples(photos)
    examples = examples or _found_examples(photos)
    if not examples:
        st.caption("No picture of this folder shows well what a search can do.")
        return _silent
    steps = steps_of(photos, examples)
    at = int(number) - 1 if number in {str(i + 1) for i in range(len(steps))} else 0
    if only or not _is_asked(steps[at], examples.opening, chosen):
        st.button(
            "Back to the story",
            icon=":material/undo:",
            type="tertiary",
            on_click=_go,
            args=(steps, at, examples.opening),
        )
        return _silent
    return _show(photos, steps, at, examples.opening)


def _show(
    photos: Collection, steps: Sequence[Step], at: int, opening: str
) -> Callable[[SearchResult | None], None]:
    step, following = steps[at], steps[at + 1 : at + 2]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="story_line"):
        place = st.empty()
        st.caption(f"{at + 1} of {len(steps)}", width="content")
        st.button(
            "Back",
            icon=":material/arrow_back:",
            type="tertiary",
            disabled=not at,
            on_click=_go,
            args=(steps, at - 1, opening),
        )
        forward = {"icon": ":material/arrow_forward:", "type": "tertiary"}
        if following:
            st.button("Next", **forward, on_click=_go, args=(steps, at + 1, opening))
        else:
            st.button("Open Review", **forward, on_click=lead_to, args=("pages/labels.py",))
        st.button(
            "",
            key="hide_story",
            icon=":material/close:",
            type="tertiary",
            help="Hide the story",
            on_click=to_url,
            args=("story", _HIDDEN),
        )

    def say(result: str) -> None:
        place.markdown(f"**{step.title}.** {step.sentence}{result}", width="stretch")

    def tell(found: SearchResult | None) -> None:
        if not found:
            say("")
        elif step.label:
            shown, elsewhere = count(photos, found, step.label)
            filed = f"; {elsewhere} filed elsewhere" if elsewhere else ""
            say(f" **{shown} of {len(found.results)}** show *{plain(step.label)}*{filed}.")
        if any(later.region for later in following):
            prepare_encoder(photos)  # while a person reads

    # As long as what will be found, so that it keeps its place.
    say(f" **…** of 9 show *{plain(step.label)}*; … filed elsewhere." if step.label else "")
    return tell


def _is_asked(step: Step, opening: str, chosen: Chosen) -> bool:
    """Whether the page searches for what a step is about."""
    wanted, region = _PLAIN | step.controls, chosen.query.region
    asked = all(st.session_state.get(name) == wanted[name] for name in ("class", "text"))
    alone = not chosen.like and not chosen.unlike
    return asked and alone and (chosen.query.file, region and str(region)) == (opening, step.region)


def _silent(found: SearchResult | None) -> None:
    """Where no story is told, nothing is added to it."""


def _found_examples(photos: Collection) -> Examples | None:
    starting = "Looking for good examples"
    return wait_for(photos.facts.once("examples", partial(find_examples, photos)), f"{starting}:", starting)


def _begin() -> None:
    st.session_state[_BEGINS] = True
    to_url("story", "1")


def _go(steps: Sequence[Step], at: int, opening: str) -> None:
    clear_filters()
    use_file(opening)
    use_region(Region.parse(steps[at].region) if steps[at].region else None)
    st.session_state.update(_PLAIN | steps[at].controls)
    to_url("story", str(at + 1))
