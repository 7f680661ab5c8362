"""Building an index in a process of low priority, so that the one that serves pages stays quick."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from imsearch_core.index.base import Contents
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.progress import Progress, part, silent
from imsearch_core.vectors.embeddings import Embeddings


def build_elsewhere(
    open_index: Callable[[str, Contents], object],
    engine: str,
    contents: Contents,
    progress: Progress,
    reads_first: bool = False,
) -> None:
    """Have `open_index(engine, contents)` called by another process, which leaves what it saves in the cache.

    Progress counts the embeddings that the engine reads; if it `reads_first` and builds then, that is half of
    the progress, and the engine tells the other half. Raises ImsearchError as `open_index` does.
    """
    LowPriorityProcess(_build, open_index, engine, contents, reads_first).result(progress)


def _build(
    open_index: Callable[[str, Contents], object],
    engine: str,
    contents: Contents,
    reads_first: bool,
    progress: Progress,
) -> None:
    reading, building = (part(progress, 0, 2), part(progress, 1, 2)) if reads_first else (progress, silent)
    counted = _Counted(contents.embeddings, reading)
    open_index(engine, replace(contents, embeddings=counted, progress=building))


class _Counted(Embeddings):
    """Embeddings that tell how many of them have been dealt with: all that were read before."""

    def __init__(self, embeddings: Embeddings, progress: Progress) -> None:
        self.__dict__.update(embeddings.__dict__)
        self._progress, self._read = progress, 0

    def rows(self, items: np.ndarray) -> np.ndarray:
        self._progress(min(self._read, len(self)), len(self))
        self._read += len(items)
        return super().rows(items)
