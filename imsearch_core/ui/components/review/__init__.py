"""The desk of the label review: one doubtful label with its evidence, decided with one key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import folder_key
from imsearch_core.labels.corrections import Choice, Decision, as_label
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.ui.components.media import media_url

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_review",
    html='<div class="desk"></div>',
    css=(_HERE / "review.css").read_text("utf-8"),
    js=(_HERE / "review.js").read_text("utf-8"),
)
_LARGE, _SMALL = 560, 160  # pixels of the longest side
_BEFORE, _AHEAD, _AFTER = 2, 4, 12  # cases sent before the present one, after it in full, and in all


@dataclass(frozen=True)
class Picture:
    """A picture with its caption."""

    file: str
    image: str
    """Its address; empty if the file has become unreadable."""
    label: str
    cosine: float | None = None


class Desk:
    """What the browser sends and receives.

    Every decision has a name of its own and is sent again until it is acknowledged: neither a lost
    connection nor a server that stops halfway loses a decision, and none is entered twice.
    """

    def __init__(self, photos: Collection, judged: Mapping[str, JudgedLabel]) -> None:
        self._photos = photos
        self._judged = judged
        self._key = f"review_{folder_key(photos.folder)}"
        memory = {"handled": set(), "turn": 0, "problem": ""}
        self._memory: dict[str, Any] = st.session_state.setdefault(f"{self._key}_memory", memory)

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

        def worked() -> None:
            self._take_up(st.session_state[self._key].work, on_move)

        work = _component(
            key=self._key,
            data={
                "desk": self._key,
                "turn": self._memory["turn"],
                "acknowledged": sorted(self._memory["handled"]),
                "at": at,
                "cases": self._cases([one.file for one in queue], at),
                "classes": sorted(label for label in self._photos.label_counts if label is not None),
                "counts": dict(counts),
                "problem": self._memory["problem"],
            },
            default={"work": None},
            on_work_change=worked,
        ).work
        if work and any(entry["event"] not in self._memory["handled"] for entry in work["log"]):
            self._take_up(work, on_move)  # sent again to a new session: the server had ended
            st.rerun()

    def _take_up(self, work: dict[str, Any] | None, on_move: Callable[[str | None], None]) -> None:
        """Save what has been decided since, in order, and go where the browser has gone."""
        if not work:
            return
        at, self._memory["problem"] = work["at"], ""
        log = [entry for entry in work["log"] if entry["event"] not in self._memory["handled"]]
        for entry in log:
            try:
                if entry["act"] == "undo":
                    undone = self._photos.corrections.undo(work["reviewer"], entry["event"])
                    at = undone if undone and entry is log[-1] else at
                else:
                    self._photos.corrections.decide(self._decision(entry), work["reviewer"], entry["event"])
            except UsageError as error:
                self._memory["problem"] = str(error)
                at = entry["file"]
            except ImsearchError as error:  # it stays with the browser, which sends it again
                self._memory["problem"] = str(error)
                return
            self._memory["handled"].add(entry["event"])
        self._memory["handled"] &= {entry["event"] for entry in work["log"]}
        self._memory["turn"] = work["turn"]
        on_move(at)

    def _decision(self, entry: dict[str, Any]) -> Decision:
        item, one = self._photos.item(entry["file"]), self._judged[entry["file"]]
        choice, corrected = Choice(entry["act"]), item.given_label
        if choice is Choice.ACCEPT:
            corrected = one.suggested
        elif choice is Choice.RELABEL:
            wanted = entry["label"]
            corrected = wanted if wanted in self._photos.label_counts else as_label(wanted)
            choice = Choice.KEEP if corrected == item.given_label else choice
            choice = Choice.ACCEPT if corrected == one.suggested else choice
        return Decision(item.file, item.given_label, corrected, one.quality, choice)

    def _cases(self, files: list[str], at: str | None) -> list[dict[str, Any]]:
        if at is None:
            return []
        present = files.index(at)
        first = max(present - _BEFORE, 0)
        return [
            self._case(file, full=present <= first + i < present + _AHEAD)
            for i, file in enumerate(files[first : present + _AFTER])
        ]

    def _case(self, file: str, full: bool) -> dict[str, Any]:
        """What the browser shows of a case; only a thumbnail unless the case is near."""
        one, decision = self._judged[file], self._photos.corrections.decisions.get(file)
        case = {
            "file": file,
            "thumbnail": self._image(file, _SMALL),
            "label": one.label,
            "suggested": one.suggested,
            "quality": one.quality,
            "kind": one.kind.value,
            "explanation": one.kind.explanation,
            "decision": decision.choice.value if decision else "",
            "shown": self._photos.shown_labels[file],
        }
        if full:
            labels = self._photos.shown_labels
            case["image"] = self._image(file, _LARGE)
            case["neighbours"] = [
                asdict(Picture(n.file, self._image(n.file, _SMALL), labels[n.file] or "no label", n.cosine))
                for n in one.neighbours
            ]
        return case

    def _image(self, file: str, side: int) -> str:
        modified_ns = self._photos.item(file).modified_ns
        return media_url(thumbnail_of(self._photos.folder, file, modified_ns, side).content)
