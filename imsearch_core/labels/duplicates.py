"""Pictures that occur more than once, in three tiers: the same pixels, the same picture, the same scene.

- *Same pixels*: what the files decode to is equal.
- *Same picture*: saved again, smaller, cropped, grey, turned, framed or marked; see `copies`.
- *Same scene*: a cosine of at least THRESHOLD, such as several shots of one thing. It was chosen by
  measuring efficientnet-lite0 on copies of 40 of 596 photos and of 40 of the 1000 illustrated pictures,
  November 2026: few others are as similar, three pairs of photos, each of one scene, and five pairs of
  drawings, each of one class.

Each member of a group is that close to its representative, so groups do not chain. The group of a weaker tier
includes those of stronger ones, unless it adds nothing to one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import BadImage
from imsearch_core.labels.copies import MOST, copies
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.pictures.signature import pixel_hash
from imsearch_core.progress import Progress, part, silent
from imsearch_core.store.signatures import signatures_of
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.matvec import processors
from imsearch_core.vectors.neighbours import EXACT_UP_TO
from imsearch_core.vectors.pairs import pairs_above

THRESHOLD = 0.9
_CANDIDATE = 0.75  # cosine: photos cropped by 10 % on each side have more, different ones seldom
_BLOCK = 512  # pictures


class Tier(StrEnum):
    """How close copies are."""

    PIXELS = "same pixels"
    PICTURE = "same picture"
    SCENE = "same scene"


class Repeat(StrEnum):
    """What is wrong with having the pictures of a group; the first that applies."""

    CONFLICT = "conflict"
    """They have different labels."""
    LEAK = "leak"
    """They are in different splits, such as train and test."""
    COPY = "copy"
    """They occur more than once."""


@dataclass(frozen=True)
class Pictures:
    """What is known of n pictures."""

    files: Sequence[str]
    labels: Sequence[str | None]
    splits: Sequence[str | None]
    bytes: Sequence[int]
    """The size of each file."""
    signatures: np.ndarray
    """SIGNATURE [n], as `pictures.signature` makes them."""
    pixel_hash: Callable[[int], bytes | None]
    """A hash of the decoded pixels of one, asked for only where a copy is likely; None if unreadable."""

    @classmethod
    def of(cls, folders: Sequence[tuple[Path, Sequence[Item], np.ndarray]]) -> "Pictures":
        """The pictures of several folders, each with its items and their SIGNATURE [n].

        Those of the last folder are named as there, those of the others by their full paths.
        """
        last = folders[-1][0]
        items = [(folder, item) for folder, known, _ in folders for item in known]
        return cls(
            [item.file if folder is last else str(folder / item.file) for folder, item in items],
            [item.given_label for _, item in items],
            [item.split for _, item in items],
            [item.size for _, item in items],
            np.concatenate([signatures for _, _, signatures in folders]),
            lambda i: _pixel_hash(items[i][0] / items[i][1].file),
        )

    def best(self, members: Sequence[int], prefer: str | None = None) -> int:
        """Of `members` the one worth keeping: by pixels, then bytes, then sharpness, then whether its file is
        in the folder `prefer`; the first of several.
        """
        one = self.signatures

        def worth(i: int) -> tuple:
            preferred = prefer is not None and self.files[i].startswith(prefer.rstrip("/") + "/")
            pixels = int(one["width"][i]) * int(one["height"][i])
            return -pixels, -self.bytes[i], round(float(one["blur"][i]), 3), not preferred, self.files[i]

        return min(members, key=worth)


@dataclass(frozen=True)
class DuplicateGroup:
    """Pictures that are the same, or nearly."""

    tier: Tier
    files: tuple[str, ...]
    """The representative, which the others were compared with, then the others, sorted."""
    keep: str
    """The best copy."""
    least_cosine: float
    """Between the two least alike of the group, -1 to 1."""
    kind: Repeat


Folder = tuple[Path, Sequence[Item], Embeddings]
"""A folder, its pictures and the embedding of each."""


def duplicates_of(
    folders: Sequence[Folder], prefer: str | None = None, progress: Progress = silent
) -> tuple[DuplicateGroup, ...]:
    """The duplicates in a folder, or if there are two, what the last has of the first, an archive.

    `prefer` is as in `find_duplicates`. Many pictures are compared by a process of low priority.
    """
    if sum(len(items) for _, items, _ in folders) > EXACT_UP_TO:
        return LowPriorityProcess(_duplicates_of, folders, prefer).result(progress)
    return _duplicates_of(folders, prefer, progress)


def _duplicates_of(
    folders: Sequence[Folder], prefer: str | None, progress: Progress
) -> tuple[DuplicateGroup, ...]:
    signed = [
        (folder, items, signatures_of(folder, items, part(progress, 0, 2))) for folder, items, _ in folders
    ]
    rows = [embeddings.unit_rows(np.arange(len(embeddings))) for _, _, embeddings in folders]
    unit = rows[0] if len(rows) == 1 else np.concatenate(rows)
    archive = len(unit) - len(rows[-1])
    pictures = Pictures.of(signed)
    return find_duplicates(unit, pictures, prefer=prefer, archive=archive, progress=part(progress, 1, 2))


def find_duplicates(
    unit: np.ndarray,
    pictures: Pictures,
    *,
    prefer: str | None = None,
    archive: int = 0,
    progress: Progress = silent,
) -> tuple[DuplicateGroup, ...]:
    """The groups of duplicates: by tier, then the most alike first.

    `unit` float32 [n, d] are the embeddings of `pictures`, of length 1. `prefer` is a folder whose copies
    are kept if they are equally good. If the first `archive` pictures are those of another folder, only
    groups with pictures of both are found, each represented by one of the archive.
    """
    n = len(unit)

    def across(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        return (rows < archive) != (others < archive) if archive else np.ones(len(rows), bool)

    rows, others, cosines = pairs_above(unit, _CANDIDATE, MOST, progress=part(progress, 0, 4))
    near_duplicates = np.stack([rows, others], axis=1)[cosines >= THRESHOLD]
    apart = across(rows, others)
    rows, others, cosines = rows[apart], others[apart], cosines[apart]
    signatures = pictures.signatures
    similar = copies(
        signatures["whole"], signatures["inner"], np.stack([rows, others], axis=1), part(progress, 1, 4)
    )
    similar = similar[across(*similar.T)]
    likely = np.concatenate([similar, np.stack([rows, others], axis=1)[cosines >= 0.99]])
    pixel_class = _pixel_classes(likely, pictures, part(progress, 2, 4))
    equal = defaultdict(list)
    for i in range(n):
        equal[int(pixel_class[i])].append(i)
    near: dict[int, set[int]] = defaultdict(set)
    for i, j in pixel_class[similar].tolist():
        if i != j:
            near[i].add(j)
            near[j].add(i)
    candidates = [(Tier.PIXELS, members[0], members) for members in equal.values() if len(members) > 1]
    free = set(near)
    for one in sorted(near, key=lambda one: (one >= archive, -len(near[one]), one)):
        if one in free and (theirs := near[one] & free):
            free -= {one, *theirs}
            members = [member for other in (one, *theirs) for member in equal[other]]
            candidates.append((Tier.PICTURE, equal[one][0], members))
    strength = np.zeros(n)
    close = cosines >= THRESHOLD
    for ends in (rows, others):
        np.add.at(strength, ends[close], cosines[close])
    strength[:archive] *= n  # they are the first to represent
    scenes = duplicate_groups(unit, near_duplicates, strength)
    candidates += [(Tier.SCENE, one, members.tolist()) for one, members in scenes]

    groups, within = [], defaultdict(set)
    for number, (tier, representative, members) in enumerate(candidates):
        if archive and (min(members) >= archive or max(members) < archive):
            continue
        if set.intersection(*(within[i] for i in members)):
            continue  # a group of a stronger tier has them all
        for i in members:
            within[i].add(number)
        groups.append(_group(unit, pictures, tier, representative, members, prefer))
    order = list(Tier)
    return tuple(sorted(groups, key=lambda g: (order.index(g.tier), -g.least_cosine, g.files)))


def _pixel_classes(likely: np.ndarray, pictures: Pictures, progress: Progress) -> np.ndarray:
    """int64 [n]: for each picture the first one with the same pixels; `likely` int64 [m, 2] may be equal."""
    one, (i, j) = pictures.signatures, likely.T
    levels = np.abs(one["whole"][i].astype(np.int16) - one["whole"][j]).max(axis=(1, 2), initial=0)
    maybe = (one["width"][i] == one["width"][j]) & (one["height"][i] == one["height"][j]) & (levels <= 2)
    first: dict[bytes, int] = {}
    result = np.arange(len(one))
    asked = np.unique(likely[maybe]).tolist()
    with ThreadPoolExecutor(processors()) as pool:
        for done, (picture, found) in enumerate(
            zip(asked, pool.map(pictures.pixel_hash, asked), strict=True), 1
        ):
            if found is not None:
                result[picture] = first.setdefault(found, picture)
            progress(done, len(asked))
    return result


def _group(
    unit: np.ndarray,
    pictures: Pictures,
    tier: Tier,
    representative: int,
    members: Sequence[int],
    prefer: str | None,
) -> DuplicateGroup:
    others = sorted({*members} - {representative}, key=lambda i: pictures.files[i])
    labels, splits = ({names[i] for i in members} - {None} for names in (pictures.labels, pictures.splits))
    kind = Repeat.CONFLICT if len(labels) > 1 else Repeat.LEAK if len(splits) > 1 else Repeat.COPY
    return DuplicateGroup(
        tier,
        tuple(pictures.files[i] for i in (representative, *others)),
        pictures.files[pictures.best(members, prefer)],
        _least_cosine(unit[np.array(members)]),
        kind,
    )


def duplicate_groups(
    unit: np.ndarray, pairs: np.ndarray, strength: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """Groups of two or more rows of `unit` float32 [n, d], as a representative and all members, int64.

    Every member has a cosine of at least THRESHOLD to the representative, so groups do not chain. Rows
    of the greatest `strength` [n] are the first to represent a group, those of none have no near-duplicate;
    a row is in one group at most. `pairs` int64 [m, 2] are those of near-duplicates i < j: of one i all, or
    the closest MOST.
    """
    from scipy.sparse import coo_array

    n = len(unit)
    linked = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    linked = (linked + linked.T).tocsr()
    crowded = np.bincount(pairs[:, 0], minlength=n) >= MOST
    crowded |= linked @ crowded  # pairs with these may be missing
    free = strength > 0
    rows = np.flatnonzero(free)
    for one in rows[np.argsort(-strength[rows].round(4), kind="stable")].tolist():
        if not free[one]:
            continue
        theirs = linked.indices[linked.indptr[one] : linked.indptr[one + 1]]
        if crowded[one]:
            theirs = rows[unit[rows] @ unit[one] >= THRESHOLD]
        members = np.union1d(theirs[free[theirs]], [one])
        if len(members) > 1:
            free[members] = False
            yield one, members.astype(np.int64)


def pairs_alike(
    unit: np.ndarray, found: np.ndarray, cosines: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every ordered pair of rows with a cosine of at least THRESHOLD, as two int64 arrays, in parts.

    `found` and `cosines` [n, k] are those of `neighbours`; rows that have k such neighbours may have more
    and are compared with all, unless there are more than EXACT_UP_TO rows.
    """
    alike = cosines >= THRESHOLD
    may_have_more = alike.shape[1] < len(unit) - 1 and len(unit) <= EXACT_UP_TO
    full = alike.all(axis=1) if may_have_more else np.zeros(len(unit), bool)
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


def _pixel_hash(path: Path) -> bytes | None:
    try:
        return pixel_hash(path)
    except BadImage:
        return None
