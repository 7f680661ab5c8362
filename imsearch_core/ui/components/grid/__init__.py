"""The grid of the label review: many doubtful labels at once, in groups that share a proposal."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.corrections import NO_LABEL
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.ui.components.inbox import Inbox
from imsearch_core.ui.components.media import media_url

_HERE = Path(__file__).parent
_SHARED = _HERE.parent
_component = st.components.v2.component(
    "imsearch_review_grid",
    html='<div class="review"></div>',
    css=(_HERE / "grid.css").read_text("utf-8") + (_SHARED / "picker.css").read_text("utf-8"),
    js="".join(
        path.read_text("utf-8") for path in (_HERE / "grid.js", _SHARED / "outbox.js", _SHARED / "picker.js")
    ),
)
_SIDE = 240  # pixels of a thumbnail's longest side
_MOST = 1000  # pictures sent at once: when these are decided, others follow
_FEW = 3  # pictures of one proposal that make a group of their own
_AT_ONCE = 24  # pictures sent however long they take
_PATIENCE = 0.5  # seconds for others


@dataclass(frozen=True)
class Group:
    """Pictures with one proposal."""

    title: str
    """Their labels."""
    suggested: str | None
    """What they look like; None if nothing else is proposed, so that their labels can only be kept."""
    note: str = ""
    """What to bear in mind."""
    sure: bool = False
    """Whether their labels look right."""


def groups_of(judged: Sequence[JudgedLabel], folds: bool = True) -> dict[str, Group]:
    """The group of each file of `judged`, which come worst first. Group by group: those of which least is
    known to be right first.

    Proposals that few pictures share, such as "cow → cat" and "sofa → cat", are one group. Labels that
    look right are groups that are `sure`, unless nothing `folds`: then they are like the others.
    """
    proposals = {one.file: _proposal(one, folds) for one in judged}
    sizes = Counter(proposals.values())
    few: dict[Group, list[str]] = {}
    for proposal, size in sizes.items():
        if proposal.suggested and size < _FEW:
            few.setdefault(replace(proposal, title=""), []).append(proposal.title)
    pooled = {
        replace(proposal, title=title): replace(proposal, title=f"{len(titles)} classes")
        for proposal, titles in few.items()
        if len(titles) > 1
        for title in titles
    }
    result = {file: pooled.get(proposal, proposal) for file, proposal in proposals.items()}
    return dict(sorted(result.items(), key=lambda pair: (pair[1].sure, bool(pair[1].note))))


def _proposal(one: JudgedLabel, folds: bool) -> Group:
    label = one.label or NO_LABEL
    if folds and not one.kind.is_doubtful:
        return Group(label, None, sure=True)
    note = "the label may be right, too" if one.kind is LabelIssue.SECONDARY else ""
    return Group(label, None if one.suggested == one.label else one.suggested, note)


class Grid:
    """What the browser sends and receives. It decides at once, and the log follows: see `Inbox`."""

    def __init__(self, photos: Collection, judged: Mapping[str, JudgedLabel]) -> None:
        self._photos = photos
        self._inbox = Inbox(photos, judged)
        self._key = f"{self._inbox.name}_grid"
        nothing = {"wanted": set(), "open": False}
        self._memory: dict[str, Any] = st.session_state.setdefault(f"{self._key}_memory", nothing)

    def show(
        self,
        to_review: Sequence[JudgedLabel],
        undecided: Sequence[JudgedLabel],
        counts: Mapping[str, int],
        folds: bool = True,
    ) -> None:
        """Show those of `to_review` that are `undecided`, worst first.

        `counts` says how many of the doubtful are "left" and "decided"; `folds` is as in `groups_of`.
        """

        def worked() -> None:
            self._take_up(st.session_state[self._key].work)

        group_of = groups_of(to_review, folds)
        places = {group: place for place, group in enumerate(dict.fromkeys(group_of.values()))}
        sure = [one for one in undecided if group_of[one.file].sure]
        doubtful = [one for one in undecided if not group_of[one.file].sure]
        shown = [*doubtful[:_MOST], *(sure[:_MOST] if self._memory["open"] else ())]
        work = _component(
            key=self._key,
            data={
                **self._inbox.answer(),
                "groups": [asdict(group) for group in places],
                "cases": self._cases(shown, [places[group_of[one.file]] for one in shown]),
                "sure": len(sure),
                "counts": dict(counts),
            },
            default={"work": None},
            on_work_change=worked,
        ).work
        if self._inbox.has_news(work):
            self._take_up(work)
            st.rerun()

    def _take_up(self, work: dict[str, Any] | None) -> None:
        self._inbox.take_up(work)
        if work:
            self._memory["wanted"] |= set(work["wanted"])
            self._memory["open"] = work["open"]

    def _cases(self, shown: Sequence[JudgedLabel], groups: Sequence[int]) -> list[dict[str, Any]]:
        until, pictures, cases = time.monotonic() + _PATIENCE, 0, []
        for one, group in zip(shown, groups, strict=True):
            case = {
                "file": one.file,
                "label": one.label,
                "suggested": one.suggested,
                "likely": list(dict.fromkeys(near.label for near in one.neighbours if near.label)),
                "quality": one.quality,
                "group": group,
            }
            soon = pictures < _AT_ONCE or one.file in self._memory["wanted"]
            if soon and (pictures < _AT_ONCE or time.monotonic() < until):
                pictures += 1
                version = self._photos.item(one.file).version
                small = thumbnail_of(self._photos.folder, one.file, version, _SIDE)
                case["image"] = media_url(small.content)
            cases.append(case)
        return cases
