"""The size, date and camera of a folder's pictures: read while they are embedded, or when first asked for."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.pictures.properties import UNKNOWN, record_of
from imsearch_core.progress import Progress, silent
from imsearch_core.store.file_records import FileRecords

KEPT = FileRecords("properties", 1, UNKNOWN, record_of)


def properties_of_items(folder: Path, items: Sequence[Item], progress: Progress = silent) -> np.ndarray:
    """PROPERTIES [n]: what each of `items`, pictures of `folder`, says about itself.

    `progress(done, total)` counts the pictures whose head has to be read.
    """
    return KEPT.of(folder, items, progress)
