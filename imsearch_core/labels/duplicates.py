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
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.errors import BadImage
from imsearch_core.files import file_hash
from imsearch_core.labels.copies import MOST, copies, is_blank
from imsearch_core.low_priority import LowPriorityProcess
from imsearch_core.pictures.signature import pixel_hash
from imsearch_core.progress import Progress, never_still, part, silent
from imsearch_core.store.signatures import signatures_of
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.matvec import processors
from imsearch_core.vectors.neighbours import EXACT_UP_TO
from imsearch_core.vectors.pairs import SLACK, pairs_above, shortened

THRESHOLD = 0.9
_CANDIDATE = 0.75  # cosine: photos cropped by 10 % on each side have more, different ones seldom
_BLOCK = 512  # pictures
_SAME_LEVELS = 2  # of thumbnails of equal pictures: JPEGs are decoded at a reduced size for them


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
        hashes: dict[str, bytes] = {}  # of files with equal content, only the first is decoded

        def hash_of(i: int) -> bytes | None:
            folder, item = items[i]
            with suppress(BadImage, OSError):
                content = file_hash(folder / item.file)
                if content not in hashes:
                    hashes[content] = pixel_hash(folder / item.file)
                return hashes[content]
            return None

        return cls(
            [item.file if folder is last else str(folder / item.file) for folder, item in items],
            [item.given_label for _, item in items],
            [item.split for _, item in items],
            [item.size for _, item in items],
            _joined([signatures for _, _, signatures in folders]),
            hash_of,
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
    with never_still(progress) as telling:
        if sum(len(items) for _, items, _ in folders) > EXACT_UP_TO:
            return LowPriorityProcess(_duplicates_of, folders, prefer).result(telling)
        return _duplicates_of(folders, prefer, telling)


def _duplicates_of(
    folders: Sequence[Folder], prefer: str | None, progress: Progress
) -> tuple[DuplicateGroup, ...]:
    signed = [
        (folder, items, signatures_of(folder, items, part(progress, 0, 2))) for folder, items, _ in folders
    ]
    rows = [embeddings.unit_rows(np.arange(len(embeddings))) for _, _, embeddings in folders]
    archive = sum(map(len, rows[:-1]))
    unit = _joined(rows)
    pictures = Pictures.of(signed)
    return find_duplicates(unit, pictures, prefer=prefer, archive=archive, progress=part(progress, 1, 2))


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    """The arrays one after another; a single one is not copied."""
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


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
    rows, others, cosines = pairs_above(unit, _CANDIDATE, MOST, progress=part(progress, 0, 4))
    near_duplicates = np.stack([rows, others], axis=1)[cosines >= THRESHOLD]
    apart = (rows < archive) != (others < archive) if archive else np.ones(len(rows), bool)
    rows, others, cosines = rows[apart], others[apart], cosines[apart]
    looks = _Looks.of(pictures.signatures)
    similar = looks.similar(np.stack([rows, others], axis=1), part(progress, 1, 4))
    likely = np.stack([rows, others], axis=1)[cosines >= 0.99]
    asked = np.union1d(looks.maybe_equal(similar, archive), looks.those_maybe_equal(likely))
    pixel_class = _pixel_classes(asked, pictures, part(progress, 2, 4))
    equal = defaultdict(list)
    for i in range(n):
        equal[int(pixel_class[i])].append(i)
    near = looks.near(similar, pixel_class, archive)
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


@dataclass(frozen=True)
class _Looks:
    """Pictures with equal thumbnails have the same look: looks are compared in place of pictures."""

    signatures: np.ndarray
    """SIGNATURE [n], of the pictures."""
    first: np.ndarray
    """int64 [l], ascending: the first picture of each look."""
    of_picture: np.ndarray
    """int64 [n]: the look of each picture."""

    @classmethod
    def of(cls, signatures: np.ndarray) -> "_Looks":
        number: dict[bytes, int] = {}
        thumbs = zip(signatures["whole"], signatures["inner"], strict=True)
        digests = (blake2b(whole.tobytes() + inner.tobytes()).digest() for whole, inner in thumbs)
        found = (number.setdefault(digest, len(number)) for digest in digests)
        of_picture = np.fromiter(found, np.int64, len(signatures))
        return cls(signatures, np.unique(of_picture, return_index=True)[1], of_picture)

    def similar(self, pairs: np.ndarray, progress: Progress) -> np.ndarray:
        """int64 [m, 2]: pairs of looks of the same picture, also of a look that several pictures have.

        `pairs` int64 [k, 2] of pictures are candidates, as in `copies`.
        """
        known = self.signatures[self.first]
        candidates = np.sort(self.of_picture[pairs], axis=1)
        candidates = np.unique(candidates[candidates[:, 0] < candidates[:, 1]], axis=0)
        found = copies(known["whole"], known["inner"], candidates, progress)
        again = np.flatnonzero((np.bincount(self.of_picture) > 1) & ~is_blank(known["whole"]))
        return np.concatenate([found, np.stack([again, again], axis=1)])

    def maybe_equal(self, similar: np.ndarray, archive: int) -> np.ndarray:
        """int64, ascending: the pictures which others of a `similar` look may equal in every pixel."""
        sizes = np.stack([self.of_picture, self.signatures["width"], self.signatures["height"]], axis=1)
        kinds, kind_of, counts = np.unique(sizes, axis=0, return_inverse=True, return_counts=True)
        kind_of = kind_of.ravel()
        old = np.bincount(kind_of[:archive], minlength=len(kinds))
        within = (old > 0) & (old < counts) if archive else counts > 1
        itself = np.zeros(len(self.first), bool)
        itself[similar[similar[:, 0] == similar[:, 1], 0]] = True
        asked = within & itself[kinds[:, 0]]
        starts = np.searchsorted(kinds[:, 0], np.arange(len(self.first) + 1))
        one = self.signatures["whole"][self.first]
        for i, j in similar[(similar[:, 0] < similar[:, 1]) & _alike(one, *similar.T)].tolist():
            of_size = {tuple(kinds[kind, 1:].tolist()): kind for kind in range(starts[j], starts[j + 1])}
            for kind in range(starts[i], starts[i + 1]):
                other = of_size.get(tuple(kinds[kind, 1:].tolist()))
                if other is not None and (
                    not archive
                    or (old[kind] and old[other] < counts[other])
                    or (old[other] and old[kind] < counts[kind])
                ):
                    asked[[kind, other]] = True
        return np.flatnonzero(asked[kind_of])

    def those_maybe_equal(self, pairs: np.ndarray) -> np.ndarray:
        """int64, ascending: the pictures in those `pairs` int64 [m, 2] that may be equal in every pixel."""
        one, (i, j) = self.signatures, pairs.T
        same_size = (one["width"][i] == one["width"][j]) & (one["height"][i] == one["height"][j])
        pairs = pairs[same_size]
        return np.unique(pairs[_alike(one["whole"], *pairs.T)])

    def near(self, similar: np.ndarray, pixel_class: np.ndarray, archive: int) -> dict[int, set[int]]:
        """The pixel classes that show the same picture as each, with other pixels.

        With an archive, only those of which one is in the archive and the other is not.
        """
        old, new = defaultdict(set), defaultdict(set)  # the pixel classes of each look
        for picture, (look, one) in enumerate(
            zip(self.of_picture.tolist(), pixel_class.tolist(), strict=True)
        ):
            (old if picture < archive else new)[look].add(one)
        found: dict[int, set[int]] = defaultdict(set)
        for i, j in similar.tolist():
            for ones, others in ((old[i], new[j]), (new[i], old[j])) if archive else ((new[i], new[j]),):
                if len(ones) == len(others) == 1 and ones == others:
                    continue
                for one in ones:
                    found[one] |= others
                for other in others:
                    found[other] |= ones
        for one, others in found.items():
            others.discard(one)
        return {one: others for one, others in found.items() if others}


def _alike(thumbs: np.ndarray, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """bool [m]: whether two of `thumbs` uint8 [n, s, s] are so alike that their pictures may be equal."""
    found = np.empty(len(rows), bool)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        difference = thumbs[rows[block]].astype(np.int16) - thumbs[others[block]]
        found[block] = np.abs(difference).max(axis=(1, 2), initial=0) <= _SAME_LEVELS
    return found


def _pixel_classes(asked: np.ndarray, pictures: Pictures, progress: Progress) -> np.ndarray:
    """int64 [n]: for each picture the first one with the same pixels; only those `asked` are compared."""
    first: dict[bytes, int] = {}
    result = np.arange(len(pictures.files))
    with ThreadPoolExecutor(processors()) as pool:
        for done, (picture, found) in enumerate(
            zip(asked.tolist(), pool.map(pictures.pixel_hash, asked.tolist()), strict=True), 1
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
    bounds = shortened(unit) if crowded.any() else unit
    free = strength > 0
    rows = np.flatnonzero(free)
    for one in rows[np.argsort(-strength[rows].round(4), kind="stable")].tolist():
        if not free[one]:
            continue
        theirs = linked.indices[linked.indptr[one] : linked.indptr[one + 1]]
        if crowded[one]:
            theirs = rows[free[rows]]
            theirs = theirs[bounds[theirs] @ bounds[one] >= THRESHOLD - SLACK]
            theirs = theirs[unit[theirs] @ unit[one] >= THRESHOLD]
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
