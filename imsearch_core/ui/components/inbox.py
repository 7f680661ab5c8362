"""What a person does in a component of the review, on its way into the logs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import folder_key
from imsearch_core.labels.decisions import EXCLUDE_TAG, KEEP_TAG, Choice, Decision, as_label
from imsearch_core.labels.not_duplicates import NotDuplicates
from imsearch_core.labels.ranking import JudgedLabel

DISTINCT = "distinct"
"""The act that declares pictures not to be duplicates."""
TAGGING = {"exclude": EXCLUDE_TAG, "retain": KEEP_TAG}
"""The acts that give a tag."""


class Inbox:
    """Takes what an `Outbox` (outbox.js) sends, and says what has arrived.

    Every entry has a name of its own and is sent again until it is acknowledged: neither a lost
    connection nor a server that stops halfway loses a decision, and none is entered twice. An entry is a
    step: one act about any number of files.
    """

    def __init__(self, photos: Collection, judged: Mapping[str, JudgedLabel] = MappingProxyType({})) -> None:
        self._photos = photos
        self._judged = judged
        self.name = f"review_{folder_key(photos.folder)}"
        nothing = {"handled": set(), "latest": [], "turn": 0, "problem": ""}
        self._memory: dict[str, Any] = st.session_state.setdefault(f"{self.name}_memory", nothing)

    def show(
        self,
        component: Callable[..., Any],
        key: str,
        data: Mapping[str, Any],
        remember: Callable[[Mapping[str, Any], tuple[str, ...]], None],
        **more: Any,
    ) -> None:
        """Show a component with `data` of its own and save what a person has done in it.

        `remember` is then called with what the component has sent, and with the files of the last step if
        that was undoing. `more` are further arguments of the component.
        """

        def take_up(work: Mapping[str, Any] | None) -> None:
            if work:
                remember(work, self._save(work))

        work = component(
            key=key,
            data={**self._answer(), **data},
            default={"work": None},
            on_work_change=lambda: take_up(st.session_state[key].work),
            **more,
        ).work
        if self._has_news(work):
            take_up(work)
            st.rerun()

    def _answer(self) -> dict[str, Any]:
        """What the component gets in addition to its own data."""
        return {
            "log": self.name,
            "turn": self._memory["turn"],
            "acknowledged": [event for event in self._memory["latest"] if event in self._memory["handled"]],
            "problem": self._memory["problem"],
            "classes": sorted(label for label in self._photos.label_counts if label is not None),
        }

    def _has_news(self, work: Mapping[str, Any] | None) -> bool:
        """Whether `work` has entries that have not been handled: the server had ended, for one."""
        return bool(work) and any(entry["event"] not in self._memory["handled"] for entry in work["log"])

    def _save(self, work: Mapping[str, Any]) -> tuple[str, ...]:
        """Save what has been done since, in order. Returns the files of the last step, if that was undoing.

        What cannot be saved now stays with the browser, which sends it again.
        """
        self._memory["problem"] = ""
        self._memory["latest"] = [entry["event"] for entry in work["log"]]
        undone: tuple[str, ...] = ()
        for entry in work["log"]:
            if entry["event"] in self._memory["handled"]:
                continue
            try:
                undone = self._enter(entry, work["reviewer"])
            except UsageError as error:
                self._memory["problem"] = str(error)
            except ImsearchError as error:
                self._memory["problem"] = str(error)
                return ()
            self._memory["handled"].add(entry["event"])
        self._memory["turn"] = work["turn"]
        return undone

    def _enter(self, entry: Mapping[str, Any], reviewer: str) -> tuple[str, ...]:
        log, distinct = self._photos.corrections, NotDuplicates.of(self._photos.folder)
        act, event, files = entry["act"], entry["event"], entry["files"]
        if act == "undo" and distinct.has(entry["step"]):
            distinct.take_back(entry["step"])
        elif act == "undo":
            return log.undo(reviewer, event, step=entry["step"])
        elif act == DISTINCT:
            distinct.declare(files, event)
        elif act in TAGGING:
            log.tag([self._photos.item(file).file for file in files], TAGGING[act], reviewer, event)
        else:
            decisions = [self._decision(file, act, entry["label"]) for file in files]
            log.decide_all(decisions, reviewer, event)
        return ()

    def _decision(self, file: str, act: str, label: str | None) -> Decision:
        one = self._judged.get(file)
        suggested, quality = (one.suggested, one.quality) if one else (None, None)
        return decision_about(self._photos, file, act, label, suggested, quality)


def decision_about(
    photos: Collection, file: str, act: str, label: str | None, suggested: str | None, quality: float | None
) -> Decision:
    """What a person decides about a picture by `act`, a Choice; `label` is the other class for relabel.

    Raises UsageError for a file that is not there or a class that cannot be.
    """
    item, choice = photos.item(file), Choice(act)
    corrected = item.given_label
    if choice is Choice.ACCEPT:
        corrected = suggested
    elif choice is Choice.RELABEL:
        corrected = label if label in photos.label_counts else as_label(label or "")
        choice = Choice.KEEP if corrected == item.given_label else choice
        choice = Choice.ACCEPT if corrected == suggested else choice
    return Decision(item.file, item.given_label, corrected, quality, choice)
