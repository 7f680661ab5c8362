"""The grid of the review: many doubtful labels, or poor pictures, in groups that share a proposal."""

import time
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.labels.quality import EXPLANATIONS, PoorPicture, QualityIssue
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.ui.components.files import SHARED, text_of
from imsearch_core.ui.components.inbox import Inbox
from imsearch_core.ui.components.media import media_url

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_review_grid",
    html='<div class="review"></div>',
    css=text_of(SHARED / "picker.css", _HERE / "grid.css"),
    js=text_of(_HERE / "grid.js", *(SHARED / name for name in ("outbox.js", "picker.js", "nodes.js"))),
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
    excludes: bool = False
    """Whether the pictures, not their labels, are in doubt: they are excluded or kept."""


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


def groups_of_poor(poor: Sequence[PoorPicture]) -> dict[str, Group]:
    """The group of each file of `poor`: the first of its issues."""
    groups: dict[str, Group] = {}
    for one in poor:
        issue = QualityIssue(one.issue)
        groups.setdefault(one.file, Group(issue.capitalize(), None, EXPLANATIONS[issue], excludes=True))
    return groups


def _proposal(one: JudgedLabel, folds: bool) -> Group:
    label = one.label or NO_LABEL
    if folds and not one.kind.is_doubtful:
        return Group(label, None, sure=True)
    note = "the label may be right, too" if one.kind is LabelIssue.SECONDARY else ""
    return Group(label, None if one.suggested == one.label else one.suggested, note)


class Grid:
    """What the browser sends and receives. It decides at once, and the log follows: see `Inbox`."""

    def __init__(
        self,
        photos: Collection,
        judged: Mapping[str, JudgedLabel] = MappingProxyType({}),
        name: str = "grid",
    ) -> None:
        """`name` tells several grids apart."""
        self._photos = photos
        self._inbox = Inbox(photos, judged)
        self._key = f"{self._inbox.name}_{name}"
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

        group_of = groups_of(to_review, folds)
        sure = [_case(one) for one in undecided if group_of[one.file].sure]
        doubtful = [_case(one) for one in undecided if not group_of[one.file].sure]
        shown = [*doubtful[:_MOST], *(sure[:_MOST] if self._memory["open"] else ())]
        self._show(group_of, shown, len(sure), counts)

    def show_poor(
        self, to_review: Sequence[PoorPicture], undecided: Container[str], counts: Mapping[str, int]
    ) -> None:
        """Show those of `to_review`, by issue and the worst first, whose files are `undecided`."""
        group_of, labels = groups_of_poor(to_review), self._photos.shown_labels
        first = {one.file: one for one in reversed(to_review) if one.file in undecided}
        shown = [
            {"file": one.file, "label": labels[one.file], "figure": f"{one.figure:.3g}"}
            for one in reversed(first.values())
        ]
        self._show(group_of, shown[:_MOST], 0, counts)

    def _show(
        self,
        group_of: Mapping[str, Group],
        cases: Sequence[dict[str, Any]],
        sure: int,
        counts: Mapping[str, int],
    ) -> None:
        places = {group: place for place, group in enumerate(dict.fromkeys(group_of.values()))}
        grouped = [case | {"group": places[group_of[case["file"]]]} for case in cases]
        grouped.sort(key=itemgetter("group"))  # as they are seen: the first get their pictures at once
        data = {
            "groups": [asdict(group) for group in places],
            "cases": self._with_pictures(grouped),
            "sure": sure,
            "counts": dict(counts),
        }
        self._inbox.show(_component, self._key, data, self._remember)

    def _remember(self, work: Mapping[str, Any], undone: tuple[str, ...]) -> None:
        self._memory["wanted"] |= set(work["wanted"])
        self._memory["open"] = work["open"]

    def _with_pictures(self, cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The cases, as many as possible with the address of the picture; the browser asks for the rest."""
        until, pictures, result = time.monotonic() + _PATIENCE, 0, []
        for case in cases:
            file = case["file"]
            soon = pictures < _AT_ONCE or file in self._memory["wanted"]
            if soon and (pictures < _AT_ONCE or time.monotonic() < until):
                pictures += 1
                version = self._photos.item(file).version
                small = thumbnail_of(self._photos.folder, file, version, _SIDE)
                case = case | {"image": media_url(small.content)}
            result.append(case)
        return result


def _case(one: JudgedLabel) -> dict[str, Any]:
    return {
        "file": one.file,
        "label": one.label,
        "suggested": one.suggested,
        "likely": list(dict.fromkeys(near.label for near in one.neighbours if near.label)),
        "figure": one.fit,
    }
