"""What a collection is: classes, splits, sizes, formats, dates, and what was left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from imsearch_core.collection import Collection
from imsearch_core.datasets import Skipped
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.pictures.properties import Properties, properties_of
from imsearch_core.progress import Progress, silent

NO_SPLIT = "no split"
_WORKERS = 2
_MEGAPIXEL = 1e6


@dataclass(frozen=True)
class ClassCount:
    """How many pictures of one class there are."""

    name: str
    in_splits: tuple[int, ...]
    """In each of `Overview.splits`."""
    total: int


@dataclass(frozen=True)
class Reason:
    """Why some files were left out."""

    text: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """What a collection is."""

    pictures: int
    splits: tuple[str, ...]
    """Their names; empty if there are none. The last is NO_SPLIT if some pictures are in no split."""
    classes: tuple[ClassCount, ...]
    """By shown label, the largest first; pictures without a label come last."""
    megabytes: float
    """Of all files."""
    formats: tuple[tuple[str, int], ...]
    """Each format with how many pictures have it, the most frequent first."""
    megapixels: tuple[float, float, float] | None
    """The smallest, the median and the largest picture; None if no file says how large it is."""
    smallest: tuple[int, int] | None
    largest: tuple[int, int] | None
    """Width and height in pixels of the pictures with the fewest and the most of them."""
    dated: int
    """How many pictures say when they were taken."""
    dates: tuple[datetime, datetime] | None
    """When the first and the last of these were taken."""
    skipped: tuple[Reason, ...]
    """The most frequent reason first."""

    @property
    def left_out(self) -> int:
        """How many files were skipped."""
        return sum(len(reason.files) for reason in self.skipped)

    @property
    def labelled(self) -> tuple[ClassCount, ...]:
        """The classes, without the pictures that have none."""
        return tuple(row for row in self.classes if row.name != NO_LABEL)

    @property
    def balance(self) -> float | None:
        """Pictures in the largest class for each one in the smallest; None for fewer than two classes."""
        counts = [row.total for row in self.labelled]
        return max(counts) / min(counts) if len(counts) > 1 else None


def overview_of(photos: Collection, progress: Progress = silent) -> Overview:
    """Look through a collection, reading the head of every file."""
    splits = _splits(photos)
    found = list(_properties(photos, progress))
    sizes = sorted(
        (one.size for one in found if one and one.size), key=lambda size: (size[0] * size[1], size)
    )
    pixels = [width * height / _MEGAPIXEL for width, height in sizes]
    taken = [one.taken for one in found if one and one.taken]
    return Overview(
        pictures=len(photos),
        splits=splits,
        classes=_classes(photos, splits),
        megabytes=sum(item.size for item in photos.items) / 1e6,
        formats=tuple(Counter(one.format if one else "unreadable" for one in found).most_common()),
        megapixels=(pixels[0], median(pixels), pixels[-1]) if pixels else None,
        smallest=sizes[0] if sizes else None,
        largest=sizes[-1] if sizes else None,
        dated=len(taken),
        dates=(min(taken), max(taken)) if taken else None,
        skipped=_reasons(photos.report.skipped),
    )


def _splits(photos: Collection) -> tuple[str, ...]:
    found = {item.split for item in photos.items}
    named = [name for name in ("train", "val", "test") if name in found]
    return tuple(named + [NO_SPLIT] * (None in found)) if named else ()


def _classes(photos: Collection, splits: tuple[str, ...]) -> tuple[ClassCount, ...]:
    shown = photos.shown_labels
    counts = Counter((shown[item.file], item.split or NO_SPLIT) for item in photos.items)
    rows = [
        ClassCount(label or NO_LABEL, tuple(counts[label, split] for split in splits), total)
        for label, total in photos.label_counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.name == NO_LABEL, -row.total, row.name)))


def _properties(photos: Collection, progress: Progress) -> Iterable[Properties | None]:
    paths = (photos.folder / item.file for item in photos.items)
    with ThreadPoolExecutor(_WORKERS) as workers:
        for done, found in enumerate(workers.map(properties_of, paths), 1):
            progress(done, len(photos))
            yield found


def _reasons(skipped: Iterable[Skipped]) -> tuple[Reason, ...]:
    files: dict[str, list[str]] = defaultdict(list)
    for one in skipped:
        files[one.reason].append(one.file)
    ordered = sorted(files.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(Reason(text, tuple(sorted(names))) for text, names in ordered)
