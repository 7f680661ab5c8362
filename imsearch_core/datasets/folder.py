"""Any folder of pictures: one sub-folder per class, in splits or not, or flat and unlabelled."""

import mimetypes
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from imsearch_core.datasets.names import natural, normal, shown, some
from imsearch_core.datasets.tables import TABLES, Labels, read_tables
from imsearch_core.errors import UsageError
from imsearch_core.pictures.formats import HEAD_BYTES, SUFFIXES, kind_of

_OUT = "a link out of the folders that may be opened"
# Thumbnails and waste baskets of network drives and operating systems.
_SYSTEM_FOLDERS = frozenset(
    {"@eadir", "#recycle", "#snapshot", "$recycle.bin", "@recycle", "thumbs", "lost+found", "__macosx"}
)
_SPLITS = {
    "train": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
}
_YEAR = re.compile(r"(19|20)\d\d")
_DATE = re.compile(r"(19|20)\d\d([-_.]?\d\d){1,2}")
_NO_PICTURES = {None, "HTML", "PDF", "PostScript", "video", "Git LFS pointer"}
_TYPES = mimetypes.MimeTypes()  # those of Python alone, so that every machine lists the same
IGNORE_FILE = ".imsearchignore"


@dataclass(frozen=True, slots=True)
class Item:
    """One picture file of a dataset."""

    file: str
    """Path relative to the folder, with "/"."""
    given_label: str | None
    """The given label: from a table, else the folder that holds the picture; None if neither names one."""
    all_labels: tuple[str, ...]
    """Every class known to be present: those that a table lists, else the label alone."""
    size: int
    """Bytes."""
    modified_ns: int
    """Time of the last modification, nanoseconds since 1970."""
    split: str | None = None
    """"train", "val" or "test" if a folder above the picture is named so (or valid, validation, dev)."""


@dataclass(frozen=True)
class Skipped:
    """A file or folder that was left out, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Dataset:
    """The pictures of one folder, sorted by file name, numbers by their value."""

    folder: Path
    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    """Sub-folders that could not be listed, and links that lead where they may not."""
    notes: tuple[str, ...] = ()
    """Sentences on how the folder and its tables were read."""

    @property
    def understood(self) -> str:
        """What the listing found, in one line: "20 classes from the last folder, 3 splits"."""
        classes = len({item.given_label for item in self.items} - {None})
        splits = len({item.split for item in self.items} - {None})
        found = f"{classes} class{'' if classes == 1 else 'es'}" if classes else "no classes"
        if classes and any(_is_last_of_several(item) for item in self.items):
            found += " from the last folder"
        return found + (f", {splits} split{'' if splits == 1 else 's'}" if splits else "")


def _is_last_of_several(item: Item) -> bool:
    folders = item.file.split("/")[:-1]
    return len(folders) > 1 and item.given_label == normal(folders[-1])


def scan(folder: str | Path, within: Sequence[Path] = (), exclude: Sequence[str] = ()) -> Dataset:
    """List the pictures below `folder`, without opening them.

    The folder that holds a picture is its class, unless it is a split (train, val, test) or a year,
    month or date; pictures directly in `folder` have none. System folders are left out and named;
    hidden files and folders are passed over. Links are followed: if folders are
    given that they must stay `within`, no further than that. Tables (`tables.TABLES`) in the folder
    itself and in its splits override the folders' classes. What the patterns in `exclude` or in the
    folder's .imsearchignore match (as in a .gitignore) is left out.
    Raises UsageError if `folder` cannot be listed, ImsearchError if a table is malformed.
    """
    try:
        folder = Path(folder).expanduser().resolve()
        exists = folder.is_dir()
    except (OSError, ValueError, RuntimeError) as error:  # no permission, impossible name, loop of links
        raise UsageError(f"{folder} is not a folder: {error}") from error
    if not exists:
        raise UsageError(f"{folder} is not a folder")
    items, skipped = [], []
    alone: dict[str, tuple[str]] = {}  # of a million pictures, each class is in memory once
    ignored = _Ignored(folder, within, exclude)
    everything = list(_walk(folder, "", frozenset(), within, ignored))
    meanings = _meanings(
        {found[0].rpartition("/")[0] for found in everything if not isinstance(found, Skipped)}
    )
    rows, notes = _labels_from_tables(folder, everything, meanings, within, skipped)
    for found in everything:
        if isinstance(found, Skipped):
            if not found.file:
                raise UsageError(f"{folder} cannot be listed: {found.reason}")
            skipped.append(found)
            continue
        file, size, modified_ns = found
        class_folder, split = meanings[file.rpartition("/")[0]]
        label, labels = rows.get(file, (None, ()))
        label = label or class_folder
        if label is not None and not labels:
            labels = alone.setdefault(label, (label,))
            (label,) = labels
        items.append(Item(file, label, labels, size, modified_ns, split))
    items.sort(key=lambda item: natural(item.file))
    skipped = [Skipped(shown(left_out.file), left_out.reason) for left_out in skipped]
    dataset = Dataset(folder, tuple(items), tuple(skipped))
    if any(split for _, split in meanings.values()) or None in _classes_of_folders(meanings):
        notes.insert(0, dataset.understood)
    if ignored.names:
        notes.append(f"left out as {IGNORE_FILE} or --exclude asks: {some(ignored.names)}")
    return replace(dataset, notes=tuple(notes))


def _classes_of_folders(meanings: dict[str, tuple[str | None, str | None]]) -> set[str | None]:
    return {label for folder, (label, _) in meanings.items() if folder}


def _labels_from_tables(
    folder: Path,
    everything: list[tuple[str, int, int] | Skipped],
    meanings: dict[str, tuple[str | None, str | None]],
    within: Sequence[Path],
    skipped: list[Skipped],
) -> tuple[dict[str, Labels], list[str]]:
    """What the tables say of each file, and notes; adds to `skipped` the tables that lead out."""
    bases = {""}
    for below, (_, split) in meanings.items():
        parts = below.split("/")
        depths = [depth for depth, part in enumerate(parts, 1) if _SPLITS.get(part.lower()) == split]
        if split and depths:
            bases.add("/".join(parts[: depths[0]]))
    tables = [f"{base}/{name}".lstrip("/") for base in sorted(bases) for name in TABLES]
    tables = [table for table in tables if os.path.isfile(folder / table)]
    for table in list(tables):
        if _leads_out(folder / table, within):
            skipped.append(Skipped(table, _OUT))
            tables.remove(table)
    if not tables:
        return {}, []
    files = [found[0] for found in everything if not isinstance(found, Skipped)]
    return read_tables(folder, tables, {file: meanings[file.rpartition("/")[0]][0] for file in files})


def _meanings(folders: set[str]) -> dict[str, tuple[str | None, str | None]]:
    """The class and the split that each folder's path, with "/", stands for.

    A folder is a split only if all folders next to it are: "train" among "bus" and "cat" is a class.
    """
    siblings: dict[tuple[str, ...], set[str]] = {}
    for folder in folders - {""}:
        parts = folder.split("/")
        for depth, part in enumerate(parts):
            siblings.setdefault(tuple(parts[:depth]), set()).add(part.lower())
    all_splits = {parent for parent, names in siblings.items() if names <= _SPLITS.keys()}
    meanings = {"": (None, None)}
    for folder in folders - {""}:
        parts = folder.split("/")
        splits = [depth for depth in range(len(parts)) if tuple(parts[:depth]) in all_splits]
        split = _SPLITS[parts[splits[0]].lower()] if splits else None
        named = not (len(parts) - 1 in splits or _is_date(parts))
        meanings[folder] = (normal(parts[-1]) or None if named else None, split)
    return meanings


def _is_date(parts: list[str]) -> bool:
    """Whether the last folder is a year, a date, or a month or day below a year."""
    last = parts[-1]
    if _YEAR.fullmatch(last) or _DATE.fullmatch(last):
        return True
    return last.isdecimal() and len(last) <= 2 and any(_YEAR.fullmatch(part) for part in parts[:-1])


def _walk(
    folder: Path, prefix: str, above: frozenset, within: Sequence[Path], ignored: "_Ignored"
) -> Iterator[tuple[str, int, int] | Skipped]:
    """Yield (file, size, modified_ns) of every picture; `above` holds the folders we came through."""
    try:
        identity = os.stat(folder)
        key = (identity.st_dev, identity.st_ino)
        if key in above:  # a link back up
            return
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Skipped(prefix.rstrip("/"), f"cannot be listed: {error.strerror}")
        return
    for entry in entries:
        if entry.name.startswith((".", "__MACOSX")):
            continue
        is_folder = _is_folder(entry)
        if is_folder and entry.name.lower() in _SYSTEM_FOLDERS:
            yield Skipped(prefix + entry.name, "a folder of the system, not of pictures")
            continue
        by_name = is_folder or _is_picture_by_name(entry.name)
        if by_name is False or ignored.matches(prefix + entry.name, is_folder):
            continue
        if entry.is_symlink() and _leads_out(entry.path, within):
            if by_name:
                yield Skipped(prefix + entry.name, _OUT)
        elif is_folder:
            yield from _walk(Path(entry.path), f"{prefix}{entry.name}/", above | {key}, within, ignored)
        elif by_name or _is_picture_by_content(entry):
            try:
                status = entry.stat()
                yield prefix + entry.name, status.st_size, _int64(status.st_mtime_ns)
            except OSError:  # a dangling link: kept, so that opening it names and counts it
                yield prefix + entry.name, 0, 0


def _is_picture_by_name(name: str) -> bool | None:
    """Whether a file is a picture by its suffix; None if its first bytes must tell."""
    suffix = os.path.splitext(name)[1].lower()
    return True if suffix in SUFFIXES else _is_picture_by_odd_suffix(suffix)


@cache
def _is_picture_by_odd_suffix(suffix: str) -> bool | None:
    if suffix.strip() in SUFFIXES or re.match(r"\.(jpe?g|png|webp|gif|tiff?|heic|avif)[^a-z]", suffix):
        return True
    kind, encoding = _TYPES.guess_type(f"x{suffix}")
    return False if (kind and not kind.startswith("image/")) or encoding else None


def _is_picture_by_content(entry: os.DirEntry) -> bool:
    try:
        if not entry.is_file():  # a pipe would keep us waiting
            return False
        with open(entry.path, "rb") as file:
            return kind_of(file.read(HEAD_BYTES)) not in _NO_PICTURES
    except OSError:
        return False


class _Ignored:
    """What a person wants left out, in the syntax of .gitignore."""

    def __init__(self, folder: Path, within: Sequence[Path], exclude: Sequence[str]):
        path = folder / IGNORE_FILE
        lines = list(exclude)
        if os.path.isfile(path) and not _leads_out(path, within):
            try:
                lines = [*path.read_text("utf-8-sig", "surrogateescape").splitlines(), *lines]
            except OSError as error:
                raise UsageError(f"{path} cannot be read: {error.strerror}") from error
        try:
            self._spec = GitIgnoreSpec.from_lines(lines) if lines else None
        except ValueError as error:
            raise UsageError(f"a pattern in {path} or --exclude is malformed: {error}") from error
        self.names: list[str] = []
        """The pictures and folders that were left out."""

    def matches(self, file: str, is_folder: bool) -> bool:
        if self._spec is None or not self._spec.match_file(f"{file}/" if is_folder else file):
            return False
        self.names.append(file)
        return True


def _leads_out(path: str | Path, within: Sequence[Path]) -> bool:
    """Whether links on the way to `path` end in none of the folders given, if any are."""
    real = os.path.realpath(path)
    return bool(within) and not any(Path(real).is_relative_to(root) for root in within)


def _int64(nanoseconds: int) -> int:
    """A time as 64 bits hold it: after the year 2262 it begins anew in 1678, but still tells times apart."""
    return (nanoseconds + (1 << 63)) % (1 << 64) - (1 << 63)


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle, or where we may not look
        return False
