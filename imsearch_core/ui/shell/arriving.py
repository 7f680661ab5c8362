"""Pictures that appear on the page while the folder is embedded."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import streamlit as st

from imsearch_core.datasets.folder import scan
from imsearch_core.pictures.thumbnails import thumbnails_of
from imsearch_core.progress import Progress
from imsearch_core.ui.components.media import media_url
from imsearch_core.ui.shell.folders import allowed_roots

_SHOWN = 48
_AT_ONCE = 12  # while the encoder starts
_SIDE = 320  # pixels, as in the gallery, which then has them


@contextmanager
def arriving_pictures(folder: Path, progress: Progress) -> Iterator[Progress]:
    """While the block runs, show pictures from all over the folder: a few, then more as more are embedded."""
    place = st.empty()
    waiting: list[tuple[str, int]] | None = None
    images: list[str] = []

    def step(done: int, total: int) -> None:
        nonlocal waiting
        progress(done, total)
        if done >= total:
            return
        if waiting is None:
            items = scan(folder, within=allowed_roots()).items
            waiting = [(item.file, item.modified_ns) for item in items[:: -(-len(items) // _SHOWN)]]
        due = max(len(waiting) * done // total, _AT_ONCE) - len(images)
        if due > 0:
            new = waiting[len(images) : len(images) + due]
            for picture in thumbnails_of(folder, new, _SIDE):
                images.append(
                    f'<img src="{escape(media_url(picture.content))}" alt="" '
                    'style="height: 96px; border-radius: 0.5rem">'
                )
            place.html(f'<div style="display: flex; flex-wrap: wrap; gap: 8px">{"".join(images)}</div>')

    try:
        yield step
    finally:
        place.empty()
