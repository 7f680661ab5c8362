"""Near-duplicates: groups of pictures that are copies of each other, or shots of the same scene.

The threshold was chosen by measuring efficientnet-lite0 on copies of 40 of 596 photos and of 40 of
the 1000 illustrated pictures, November 2026. At a cosine of 0.9 it finds all copies that are
mirrored, saved again as JPEG 90, or cropped by 2.5 % on each side; of those cropped by 5 % it finds
90 and 95 %, of those saved as JPEG 50 75 and 100 %, of those shrunk to two thirds 45 and 70 %. It
takes few others for copies: three pairs of photos, each of one scene, and five pairs of drawings,
each of one class. At 0.95 it would miss a fifth of the mirrored photos.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.labels.neighbours import nearest
from imsearch_core.progress import Progress, silent

THRESHOLD = 0.9
_LINKS = 15


@dataclass(frozen=True)
class DuplicateGroup:
    """Pictures that show nearly the same."""

    files: tuple[str, ...]
    """Sorted."""
    labels: tuple[str | None, ...]
    """The given label of each file."""
    cosine: float
    """Of the least similar pair that links the group."""


def find_duplicates(
    unit: np.ndarray, files: Sequence[str], labels: Sequence[str | None], progress: Progress = silent
) -> tuple[DuplicateGroup, ...]:
    """The groups of near-duplicates, the most alike first.

    `unit` float32 [n, d] are embeddings of length 1, `files` and `labels` name each.
    """
    found, cosines = nearest(unit, _LINKS, progress)
    groups = []
    for members in duplicate_groups(found, cosines):
        inside = np.isin(found[members], members) & (cosines[members] >= THRESHOLD)
        groups.append(
            DuplicateGroup(
                tuple(files[member] for member in members),
                tuple(labels[member] for member in members),
                float(cosines[members][inside].min()),
            )
        )
    return tuple(sorted(groups, key=lambda group: (-group.cosine, group.files)))


def duplicate_groups(found: np.ndarray, cosines: np.ndarray) -> list[np.ndarray]:
    """Groups of two or more rows that are linked by cosines of at least THRESHOLD.

    `found` and `cosines` [n, k] are every row's nearest others: in a group of more than k copies
    each still links to k of them. Returns int64 arrays of rows, ascending.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, ranks = np.nonzero(cosines >= THRESHOLD)
    links = coo_array((np.ones(len(rows)), (rows, found[rows, ranks])), shape=(len(found), len(found)))
    _, group = connected_components(links, directed=False)
    linked = np.unique(np.concatenate([rows, found[rows, ranks]]))
    linked = linked[np.argsort(group[linked], kind="stable")]
    return np.split(linked, np.flatnonzero(np.diff(group[linked])) + 1) if len(linked) else []
