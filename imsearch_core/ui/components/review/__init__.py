"""The desk of the label review: one doubtful label with its evidence, decided with one key."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.pictures.thumbnails import thumbnails_of
from imsearch_core.ui.components.files import SHARED, text_of
from imsearch_core.ui.components.inbox import Inbox
from imsearch_core.ui.components.media import media_url

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_review",
    html='<div class="desk"></div>',
    css=text_of(SHARED / "picker.css", _HERE / "review.css"),
    js=text_of(_HERE / "review.js", SHARED / "outbox.js", SHARED / "picker.js"),
)
_LARGE, _SMALL = 560, 160  # pixels of the longest side
_BEFORE, _AHEAD, _AFTER = 2, 40, 300  # cases sent before the present one, after it with pictures, and in all
_AT_ONCE = 4  # cases whose pictures are sent however long they take
_PATIENCE = 0.5  # seconds for the pictures of others; the browser asks for the rest


@dataclass(frozen=True)
class Picture:
    """A picture with its caption."""

    file: str
    image: str
    """Its address; empty if the file has become unreadable."""
    label: str
    cosine: float | None = None


class Desk:
    """What the browser sends and receives. It decides at once, and the log follows: see `Inbox`."""

    def __init__(self, photos: Collection, judged: Mapping[str, JudgedLabel]) -> None:
        self._photos = photos
        self._judged = judged
        self._inbox = Inbox(photos, judged)
        self._addresses: dict[tuple[str, int], str] = {}  # of pictures: many cases have some in common

    def show(
        self,
        queue: Sequence[JudgedLabel],
        at: str | None,
        counts: Mapping[str, int],
        on_move: Callable[[str | None], None],
    ) -> None:
        """Show the case `at` of `queue`; `on_move` is called with the next file, or None for the first.

        `counts` says how many labels are "left" and "decided" of all that are doubtful.
        """
        data = {"at": at, "cases": self._cases([one.file for one in queue], at), "counts": dict(counts)}
        self._inbox.show(
            _component,
            f"{self._inbox.name}_desk",
            data,
            lambda work, undone: on_move(undone[0] if undone else work["at"]),
        )

    def _cases(self, files: list[str], at: str | None) -> list[dict[str, Any]]:
        if at is None:
            return []
        present, until = files.index(at), time.monotonic() + _PATIENCE
        first = max(present - _BEFORE, 0)
        decisions, labels = self._photos.corrections.decisions, self._photos.shown_labels
        none = self._photos.facts.shown_labels.none_in_words()
        cases = []
        for place, file in enumerate(files[first : present + _AFTER], first):
            soon = place < present + _AT_ONCE or (place < present + _AHEAD and time.monotonic() < until)
            case = self._case(file) | {"decision": "", "shown": labels[file]}
            if file in decisions:
                case["decision"] = decisions[file].choice.value
            cases.append(case | (self._pictures(file, labels, none) if soon else {}))
        return cases

    def _case(self, file: str) -> dict[str, Any]:
        one = self._judged[file]
        return {
            "file": file,
            "label": one.label,
            "suggested": one.suggested,
            "quality": one.quality,
            "fit": one.fit,
            "kind": one.kind.in_words,
            "explanation": one.kind.explanation,
        }

    def _pictures(self, file: str, labels: Mapping[str, str | None], none: str) -> dict[str, Any]:
        """The picture of a case, large and small, and its neighbours, those without a label called `none`."""
        near = self._judged[file].neighbours
        thumbnail, *others = self._images([file, *(n.file for n in near)], _SMALL)
        return {
            "image": self._images([file], _LARGE)[0],
            "thumbnail": thumbnail,
            "neighbours": [
                vars(Picture(n.file, image, labels[n.file] or none, n.cosine))
                for n, image in zip(near, others, strict=True)
            ],
        }

    def _images(self, files: Sequence[str], side: int) -> list[str]:
        new = [file for file in files if (file, side) not in self._addresses]
        stamped = [(file, self._photos.item(file).version) for file in new]
        for file, small in zip(new, thumbnails_of(self._photos.folder, stamped, side), strict=True):
            self._addresses[file, side] = media_url(small.content)
        return [self._addresses[file, side] for file in files]
