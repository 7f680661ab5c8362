"""The signatures of a folder's pictures, kept from one run to the next."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import BadImage
from imsearch_core.pictures.signature import SIGNATURE, VERSION, signature
from imsearch_core.progress import Progress, silent
from imsearch_core.store.file_records import FileRecords


def signatures_of(folder: Path, items: Sequence[Item], progress: Progress = silent) -> np.ndarray:
    """SIGNATURE [n]: one for each of `items`, pictures of `folder`; all zeros if one cannot be read.

    `progress(done, total)` counts the pictures whose signature has to be made.
    """
    return _SIGNATURES.of(folder, items, progress)


def _made(path: Path) -> np.void | None:
    try:
        return signature(path)
    except BadImage:  # not kept: the file may come back
        return None


_SIGNATURES = FileRecords("signatures", VERSION, np.zeros((), SIGNATURE)[()], _made)
