"""What a store held at one moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.vectors.quantised import Quantised


@dataclass(frozen=True, slots=True)
class StoredImage:
    """What the store knows of one file."""

    file: str
    size: int
    modified_ns: int
    row: int | None
    """Row of the matrix; None if the file was skipped."""
    reason: str | None
    """Why it was skipped."""


@dataclass(frozen=True)
class Snapshot:
    """The embeddings as they were when read, unaffected by later indexing."""

    files: Sequence[str]
    stamps: np.ndarray
    """entries.STAMP [files]: size, modified_ns and row of each file."""
    reasons: dict[str, str]
    """Why files were skipped."""
    matrix: np.ndarray
    """float32 [rows, d], memory-mapped; not every row belongs to an image."""
    version: str
    """Changes whenever the content does."""
    quantised: Quantised | None = None
    """The compact copy of a large matrix, covering at least the rows of images."""
    check: Callable[[np.ndarray, np.ndarray], None] = lambda rows, embeddings: None
    """Called with rows int64 [k] and embeddings float32 [k, d] as read, raises ImsearchError if those
    are damaged; their images are then embedded again when the folder is next opened."""

    @property
    def images(self) -> tuple[StoredImage, ...]:
        """Everything that is known of each file."""
        columns = (self.stamps[name].tolist() for name in ("size", "modified_ns", "row"))
        return tuple(
            StoredImage(file, size, modified_ns, row if row >= 0 else None, self.reasons.get(file))
            for file, size, modified_ns, row in zip(self.files, *columns, strict=True)
        )

    def row_of(self) -> dict[str, int]:
        """The row of each file that was not skipped."""
        rows = self.stamps["row"].tolist()
        return {file: row for file, row in zip(self.files, rows, strict=True) if row >= 0}
