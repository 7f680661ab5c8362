"""Five steps through the explorer, told on the built-in datasets: each sets the real controls."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.datasets.builtin import BUILTIN
from imsearch_core.ui.search.query import use_file
from imsearch_core.ui.shell.url import from_url, to_url

_HIDDEN = "hidden"
_PLAIN = {"weighted": False, "refined": False, "compare": False, "text": "", "k": 9}


@dataclass(frozen=True)
class Step:
    """One step: what there is to see, and the values of the controls that show it."""

    title: str
    sentence: str
    controls: dict[str, Any]


STEPS = (
    Step(
        "Noisy labels",
        "This cat is filed under *bottle*. A label is one word, often not the most prominent one.",
        _PLAIN,
    ),
    Step(
        "Search by embedding",
        "Its neighbours are found by what the network sees, not by the label: mostly cats, and what else "
        "resembles the scene.",
        _PLAIN,
    ),
    Step(
        "Weight by a class",
        "The tutorial’s way: every embedding is multiplied by the weights of *Siamese cat*, then compared.",
        _PLAIN | {"class": "Siamese cat (284)", "weighted": True, "method": "reweigh", "compare": True},
    ),
    Step(
        "Focus",
        "Focus asks whether the class is there, and lets you say how much that counts.",
        _PLAIN
        | {
            "class": "Siamese cat (284)",
            "weighted": True,
            "method": "focus",
            "strength": 0.5,
            "compare": True,
        },
    ),
    Step(
        "Words",
        "Words and pictures share a space: type what you look for, or pick a tag of any picture.",
        _PLAIN | {"text": "cat on a sofa"},
    ),
)


def story(photos: Collection, query: str) -> None:
    """The present step in one line, with the ways to the others; nothing where there is no story.

    `query` is the file that is searched with: with another than the story's, only a way back is shown.
    """
    opening = next((d.opening_query for d in BUILTIN.values() if d.folder == photos.folder), None)
    number = from_url("story", "1")
    if opening is None or opening not in photos or number == _HIDDEN:
        return
    at = int(number) - 1 if number in {str(i + 1) for i in range(len(STEPS))} else 0
    if query != opening:
        st.button(
            "Back to the story", icon=":material/undo:", type="tertiary", on_click=_go, args=(at, opening)
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{STEPS[at].title}.** {STEPS[at].sentence}", width="stretch")
        st.caption(f"{at + 1} of {len(STEPS)}", width="content")
        for icon, label, to in (("arrow_back", "Back", at - 1), ("arrow_forward", "Next", at + 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=not 0 <= to < len(STEPS),
                on_click=_go,
                args=(to, opening),
            )
        st.button("Hide", icon=":material/close:", type="tertiary", on_click=to_url, args=("story", _HIDDEN))


def _go(at: int, opening: str) -> None:
    use_file(opening)
    st.session_state.update(STEPS[at].controls)
    to_url("story", str(at + 1))
