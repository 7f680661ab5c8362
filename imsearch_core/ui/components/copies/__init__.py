"""Groups of copies: one key decides which is kept, or that they are no copies."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.ui.components.files import SHARED, text_of
from imsearch_core.ui.components.inbox import Inbox
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.components.selection import take_up_selection, told_of_selection

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "imsearch_copies",
    html='<div class="review copies"></div>',
    css=text_of(SHARED / "grid" / "grid.css", SHARED / "band.css", _HERE / "copies.css"),
    js=text_of(
        _HERE / "copies.js",
        *(SHARED / name for name in ("outbox.js", "nodes.js", "selecting.js", "band.js")),
    ),
)
_SIDE, _LARGE = 320, 1280  # pixels of the longest side
_MOST = 60  # groups sent at once: when these are decided, others follow
_AT_ONCE = 24  # pictures sent however long they take
_PATIENCE = 0.5  # seconds for others; the browser asks for the rest


class CopiesDesk:
    """What the browser sends and receives. It decides at once, and the logs follow: see `Inbox`."""

    def __init__(self, photos: Collection) -> None:
        self._photos = photos
        self._inbox = Inbox(photos)
        self._key = f"{self._inbox.name}_copies"

    def show(
        self,
        to_do: Sequence[DuplicateGroup],
        decided: int,
        excluded: set[str],
        sizes: Mapping[str, str],
    ) -> None:
        """Show the groups `to_do`, without the pictures that are `excluded`; so many others are `decided`.

        `sizes` says how large each picture is, in words.
        """

        def selected() -> None:
            take_up_selection(self._key)
            st.session_state[f"{self._key}_selected"] = True

        groups = [self._group(group, excluded) for group in to_do[:_MOST]]
        looked_at = st.session_state.get(f"{self._key}_look")
        large = next((group["files"] for group in groups if group["id"] == looked_at), ())
        data = {
            "selection": told_of_selection(self._key),
            "groups": groups,
            "pictures": self._pictures([file for group in groups for file in group["files"]], sizes),
            "large": {file: self._image(file, _LARGE) for file in large},
            "counts": {"left": len(to_do), "decided": decided},
        }
        self._inbox.show(_component, self._key, data, self._remember, on_selected_change=selected)
        if st.session_state.pop(f"{self._key}_selected", False):
            st.rerun()  # the whole page: what can be done with the selection is not in this fragment

    def _remember(self, work: Mapping[str, Any], undone: tuple[str, ...]) -> None:
        st.session_state[f"{self._key}_look"] = work["look"]

    def _group(self, group: DuplicateGroup, excluded: set[str]) -> dict[str, Any]:
        files = [file for file in group.files if file not in excluded and file in self._photos]
        return {
            "id": f"{group.tier} {group.files[0]}",
            "files": files,
            "keep": group.keep if group.keep in files else files[0],
            "cosine": group.least_cosine,
            "kind": "" if group.kind is Repeat.COPY else group.kind.value,
        }

    def _pictures(self, files: Sequence[str], sizes: Mapping[str, str]) -> dict[str, dict[str, str]]:
        until, labels = time.monotonic() + _PATIENCE, self._photos.shown_labels
        none = self._photos.facts.shown_labels.none_in_words()
        pictures = {}
        for place, file in enumerate(dict.fromkeys(files)):
            pictures[file] = {"label": labels[file] or none, "size": sizes[file]}
            if place < _AT_ONCE or time.monotonic() < until:
                pictures[file]["image"] = self._image(file, _SIDE)
        return pictures

    def _image(self, file: str, side: int) -> str:
        version = self._photos.item(file).version
        return media_url(thumbnail_of(self._photos.folder, file, version, side).content)
