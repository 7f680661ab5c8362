"""Near-duplicates: groups of pictures that are copies of each other, or shots of the same scene.

The threshold was chosen by measuring efficientnet-lite0 on copies of 40 of 596 photos and of 40 of
the 1000 illustrated pictures, November 2026. At a cosine of 0.9 it finds all copies that are
mirrored, saved again as JPEG 90, or cropped by 2.5 % on each side; of those cropped by 5 % it finds
90 and 95 %, of those saved as JPEG 50 75 and 100 %, of those shrunk to two thirds 45 and 70 %. It
mistakes few others for copies: three pairs of photos, each of one scene, and five pairs of drawings,
each of one class. At 0.95 it would miss a fifth of the mirrored photos.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from imsearch_core.progress import Progress, silent
from imsearch_core.vectors.neighbours import nearest

THRESHOLD = 0.9
_LINKS = 15
_BLOCK = 512  # pictures


@dataclass(frozen=True)
class DuplicateGroup:
    """Pictures that show nearly the same, each within the THRESHOLD of the representative."""

    files: tuple[str, ...]
    """Sorted."""
    labels: tuple[str | None, ...]
    """The given label of each file."""
    splits: tuple[str | None, ...]
    """The split of each file."""
    representative: str
    """The file that the others were compared with."""
    cosine: float
    """Of the two least alike among all of the group; two members may be less alike than the THRESHOLD."""

    @property
    def leaks(self) -> bool:
        """Whether the group reaches into several splits, such as train and test."""
        return len({split for split in self.splits if split is not None}) > 1


def find_duplicates(
    unit: np.ndarray,
    files: Sequence[str],
    labels: Sequence[str | None],
    splits: Sequence[str | None] | None = None,
    progress: Progress = silent,
) -> tuple[DuplicateGroup, ...]:
    """The groups of near-duplicates, the most alike first.

    `unit` float32 [n, d] are embeddings of length 1; `files`, `labels` and `splits` name each.
    """
    splits = [None] * len(files) if splits is None else splits
    groups = []
    for representative, members in duplicate_groups(unit, *nearest(unit, _LINKS, progress)):
        members = sorted(members, key=lambda member: files[member])
        groups.append(
            DuplicateGroup(
                tuple(files[member] for member in members),
                tuple(labels[member] for member in members),
                tuple(splits[member] for member in members),
                files[representative],
                _least_cosine(unit[members]),
            )
        )
    return tuple(sorted(groups, key=lambda group: (-group.cosine, group.files)))


def duplicate_groups(
    unit: np.ndarray, found: np.ndarray, cosines: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """Groups of two or more rows of `unit` float32 [n, d], as a representative and all members, int64.

    Every member has a cosine of at least THRESHOLD to the representative, so groups do not chain. Rows
    with the most near-duplicates, then with the nearest, are the first to represent a group; a row is in
    one group at most. `found` and `cosines` [n, k] are those of `nearest`.
    """
    strength = np.where(cosines >= THRESHOLD, cosines, 0).sum(axis=1)
    rows = np.flatnonzero(strength)
    rows = rows[np.argsort(-strength[rows].round(4), kind="stable")]
    free = np.ones(len(rows), bool)
    for start in range(0, len(rows), _BLOCK):
        block = np.arange(start, min(start + _BLOCK, len(rows)))
        alike = unit[rows[block]] @ unit[rows].T >= THRESHOLD
        for place, theirs in zip(block, alike, strict=True):
            members = np.flatnonzero(theirs & free)
            if free[place] and len(members) > 1:
                free[members] = False
                yield int(rows[place]), np.sort(rows[members])


def pairs_alike(
    unit: np.ndarray, found: np.ndarray, cosines: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every ordered pair of rows with a cosine of at least THRESHOLD, as two int64 arrays, in parts.

    `found` and `cosines` [n, k] are those of `nearest`; rows that have k such neighbours may have more
    and are compared with all.
    """
    alike = cosines >= THRESHOLD
    full = alike.all(axis=1) if alike.shape[1] < len(unit) - 1 else np.zeros(len(unit), bool)
    rows, ranks = np.nonzero(alike & ~full[:, None])
    yield rows, found[rows, ranks]
    crowded = np.flatnonzero(full)
    for start in range(0, len(crowded), _BLOCK):
        block = crowded[start : start + _BLOCK]
        places, others = np.nonzero(unit[block] @ unit.T >= THRESHOLD)
        apart = block[places] != others
        yield block[places][apart], others[apart]


def _least_cosine(unit: np.ndarray) -> float:
    least = min(float((unit[s : s + _BLOCK] @ unit.T).min()) for s in range(0, len(unit), _BLOCK))
    return float(np.clip(least, -1, 1))
