"""Any folder of pictures: one sub-folder per class, in splits or not, or flat and unlabelled."""

import codecs
import mimetypes
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from pathspec import GitIgnoreSpec

from imsearch_core.datasets.annotations import SUFFIXES as ANNOTATION_SUFFIXES
from imsearch_core.datasets.annotations import Annotated, read_annotations
from imsearch_core.datasets.layout import Layout, level_in_words
from imsearch_core.datasets.masks import find_masks
from imsearch_core.datasets.names import in_natural_order, shown, some
from imsearch_core.datasets.tables import TABLES, Labels, read_tables
from imsearch_core.errors import UsageError
from imsearch_core.garbage import no_garbage
from imsearch_core.pictures.formats import HEAD_BYTES, SUFFIXES, kind_of
from imsearch_core.wording import counted

if TYPE_CHECKING:
    import pandas as pd

_OUT = "a link out of the folders that may be opened"
_SYSTEM = "a folder of the system, not of pictures"
# Thumbnails and waste baskets of network drives and operating systems.
_SYSTEM_FOLDERS = frozenset(
    {
        *("@eadir", "@tmp", "@appstore", "@sharebin", "@sharesnap", "#recycle", "#snapshot"),  # Synology
        *("@recycle", "@recently-snapshot", "~snapshot"),  # QNAP, NetApp
        *("$recycle.bin", "recycler", "recycled", "system volume information", "thumbs"),  # Windows
        *("__macosx", "network trash folder", "temporary items", "ipod photo cache"),  # macOS
        *("lost+found", "found.000"),  # what checks of a disk have found
        *("thumbnails", "thmbnl", "_gsdata_"),  # programs and cameras
    }
)
_OF_A_PROGRAM = re.compile(r"@syno|.*\.lrdata$")  # Synology's services, previews of Lightroom
_PHOTOS_LIBRARY = ".photoslibrary"
_ORIGINALS = {"originals", "masters"}
"""In a library of Apple's Photos; its other folders hold previews and edits of these."""
_NO_ROW = Labels(None, (), None)
_SPREAD = 0x9E3779B97F4A7C15  # odd, so that inodes fill all 64 bits
_HALF, _WHOLE = 1 << 63, 1 << 64
_NO_PICTURES = {None, "HTML", "PDF", "PostScript", "video", "Git LFS pointer"}
_TYPES = mimetypes.MimeTypes()  # those of Python alone, so that every machine lists the same
IGNORE_FILE = ".imsearchignore"
_TABLE_SUFFIXES = (
    *(".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".ods"),
    *(
        table + packed
        for table in (".csv", ".tsv", ".jsonl")
        for packed in (".gz", ".bz2", ".xz", ".zst", ".zip")
    ),
)
_PACKED = (
    *(".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".parquet", ".arrow", ".tfrecord", ".mdb"),
    *(".npy", ".npz", ".h5", ".hdf5", ".mat", ".pkl"),
)
_PACKED_NAMED = 3
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True, unsafe_hash=True)  # a frozen one takes four times as long to make
class Item:
    """One picture file of a dataset; never changed once the dataset is listed."""

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
    """"train", "val" or "test" if a table says so, or a folder above the picture is called so (or valid,
    validation, dev)."""
    identity: int = field(default=0, compare=False)
    """A number made of the file's inode and the time of its last change in any respect: it tells a file from
    another one of the same size and time. 0 if unknown."""

    @property
    def version(self) -> tuple[int, int, int]:
        """Changes whenever the file may have other content."""
        return self.size, self.modified_ns, self.identity


@dataclass(frozen=True)
class Skipped:
    """A file or folder that was left out, and why."""

    file: str
    reason: str


class _Listed(NamedTuple):
    """What was found in a folder so far."""

    pictures: list[tuple[str, list[Item]]]
    """In order of their names, numbers by their value: folders, each with pictures that lie in it, as yet
    without labels and splits."""
    skipped: list[Skipped]
    annotations: list[str]
    """Files that may say what pictures show."""
    tables: list[str]
    """Files that may say how pictures are labelled."""
    other_tables: list[str]
    """Tables that are not read, because of their names."""


@dataclass(frozen=True)
class Dataset:
    """The pictures of one folder, sorted by file name, numbers by their value."""

    folder: Path
    items: tuple[Item, ...]
    skipped: tuple[Skipped, ...]
    """Sub-folders that could not be listed, and links that lead where they may not."""
    notes: tuple[str, ...] = ()
    """Sentences on how the folder and its tables were read."""

    label_level: int | None = None
    """The folder above a picture that is its label, as `scan` was asked for; None where it was not."""
    levels: int = 0
    """How many folders there are above a picture to choose the label from: 0 to `levels` - 1 are levels."""
    nested: bool = False
    """Whether some class is that of a folder within another one, and so had to be told from it."""

    def is_as(self, other: "Dataset") -> bool:
        """Whether another listing has found the same, and files of the same identity."""
        return self == other and all(
            mine.identity == theirs.identity for mine, theirs in zip(self.items, other.items, strict=True)
        )

    @property
    def understood(self) -> str:
        """What the listing found, in one line: "20 classes from the last folder, 3 splits"."""
        classes = len({item.given_label for item in self.items} - {None})
        splits = len({item.split for item in self.items} - {None})
        found = counted(classes, "class", "classes") if classes else "no classes"
        if self.label_level is not None or (classes and self.nested):
            found += f" from {level_in_words(self.label_level)}"
        return found + (f", {counted(splits, 'split')}" if splits else "")


@no_garbage()
def scan(
    folder: str | Path,
    within: Sequence[Path] = (),
    exclude: Sequence[str] = (),
    label_level: int | None = None,
    frame: "pd.DataFrame | None" = None,
) -> Dataset:
    """List the pictures below `folder`, without opening them.

    The folders above a picture are its class and its split, as `layout.Layout` says; `label_level` is the
    level there. System folders are left out and named; hidden files and folders are passed over. Links are
    followed: if folders are given that they must stay `within`, no further than that. Tables
    (`tables.TABLES`) in the folder itself, in its splits and in a single folder around everything override
    the folders' classes and those of annotated objects (see `annotations`); a data `frame` with the columns
    of such a table overrides them all. What the patterns in `exclude` or in the folder's .imsearchignore
    match (as in a .gitignore) is left out.
    Raises UsageError if `folder` cannot be listed or no picture has a folder at `label_level`, ImsearchError
    if a table or an annotation is malformed.
    """
    if not str(folder).strip():
        raise UsageError("the folder's name is empty: name a folder, or . for the current one")
    try:
        folder = Path(folder).expanduser().resolve()
        exists = folder.is_dir()
    except (OSError, ValueError, RuntimeError) as error:  # no permission, impossible name, loop of links
        raise UsageError(f"{folder} is not a folder: {error}") from error
    if not exists:
        raise UsageError(f"{folder} is not a folder")
    ignored = _Ignored(folder, within, exclude)
    listed = _Listed([], [], [], [], [])
    _walk(folder, "", frozenset(), within, ignored, listed)
    found, skipped = [part for part in listed.pictures if part[1]], listed.skipped
    found = _without_masks(found, skipped)
    if not found:
        skipped += [
            Skipped(file, "an archive or table: if it holds pictures, unpack it") for file in _packed(folder)
        ]
    for left_out in skipped:
        if not left_out.file:
            raise UsageError(f"{folder} cannot be listed: {left_out.reason}")
    folders = {inside for inside, _ in found}
    layout = Layout(folders, label_level)
    if label_level is not None and found:
        _check_level(label_level, layout.depth, folder)
    # Most folders have neither annotations nor tables: then nobody asks for the pictures by name.
    by_name = _one_by_one(found) if listed.annotations or listed.tables or frame is not None else ()
    class_of = {item.file: layout.meanings[inside].label for inside, item in by_name}
    annotated = read_annotations(folder, listed.annotations, class_of, from_folders=label_level is not None)
    rows, notes = {}, annotated.notes
    tables = _in_order(listed.tables, layout.tables_in, notes)
    if tables or frame is not None:
        rows, said = read_tables(folder, tables, annotated.classes, frame)
        notes += said
    _label(found, layout, rows, annotated)
    items = tuple(chain.from_iterable(pictures for _, pictures in found))
    if not tables and frame is None:
        places = {*layout.tables_in}
        others = [file for file in listed.other_tables if file.rpartition("/")[0] in places]
        has_classes = any(item.given_label for item in items)
        if others := [file for file in others if not has_classes or _is_called_like_a_table(file)]:
            called = "labels.csv, metadata.jsonl or metadata.parquet"
            notes.append(f"not read: {some(others)}; a table of labels is called {called}")
    dataset = Dataset(
        folder,
        items,
        _named_once(skipped),
        label_level=label_level,
        levels=layout.depth,
        nested=any("/" in inside for inside in folders)
        and any(
            "/" in inside and item.given_label and item.given_label == layout.meanings[inside].label
            for inside, item in _one_by_one(found)
        ),
    )
    if layout.says_something:
        notes.insert(0, dataset.understood)
    if alike := _alike({item.given_label for item in items} - {None}):
        notes.append(f"classes whose names differ only in upper and lower case: {some(alike)}")
    if ignored.names:
        notes.append(f"left out as {IGNORE_FILE} or --exclude asks: {some(ignored.names)}")
    return replace(dataset, notes=tuple(notes))


def _without_masks(
    found: Sequence[tuple[str, list[Item]]], skipped: list[Skipped]
) -> list[tuple[str, list[Item]]]:
    """What was found but for masks; adds those to `skipped`."""
    masks = find_masks((inside, [item.file for item in pictures]) for inside, pictures in found)
    skipped += [
        Skipped(
            folder, f"{counted(count, 'mask, map or preview', 'masks, maps or previews')} of other pictures"
        )
        for folder, count in masks.folders.items()
    ]
    if masks.folders:
        found = [(inside, pictures) for inside, pictures in found if not masks.hold(inside)]
    if masks.files:
        more = f" (and {counted(len(masks.files) - 1, 'more', 'more')})" if len(masks.files) > 1 else ""
        skipped.append(Skipped(masks.files[0], f"a mask, map or preview of another picture{more}"))
        left_out = {*masks.files}
        found = [
            (inside, [item for item in pictures if item.file not in left_out]) for inside, pictures in found
        ]
    return [part for part in found if part[1]]


def _packed(folder: Path) -> Iterator[str]:
    """The first files of a folder without pictures that may hold some."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        packed = [name for name in sorted(files) if name.lower().endswith(_PACKED)]
        if packed:
            yield from (Path(place, name).relative_to(folder).as_posix() for name in packed[:_PACKED_NAMED])
            return


def _check_level(level: int, depth: int, folder: Path) -> None:
    if not depth:
        raise UsageError(f"the label level is {level}, but no picture in {folder} lies in a sub-folder")
    if not -depth <= level < depth:
        raise UsageError(
            f"the label level is {level}, but pictures in {folder} lie at most "
            f"{counted(depth, 'folder')} deep: it must be from {-depth} to {depth - 1}"
        )


def _in_order(tables: Iterable[str], places: Sequence[str], notes: list[str]) -> list[str]:
    """The tables in some places, in the order in which they are read; adds to `notes` those elsewhere."""
    order = {place: number for number, place in enumerate(places)}
    read, others = [], []
    for table in tables:
        place, _, name = table.rpartition("/")
        (read if place in order else others).append((order.get(place, 0), TABLES.index(name.lower()), table))
    if others:
        notes.append(
            f"not read, because tables belong above the classes: {some(sorted(t for *_, t in others))}"
        )
    return [table for *_, table in sorted(read)]


def _is_called_like_a_table(file: str) -> bool:
    return PurePosixPath(file).name.lower().partition(".")[0] in {table.partition(".")[0] for table in TABLES}


def _one_by_one(found: Iterable[tuple[str, list[Item]]]) -> Iterator[tuple[str, Item]]:
    return ((inside, item) for inside, pictures in found for item in pictures)


def _label(
    found: Iterable[tuple[str, list[Item]]],
    layout: Layout,
    rows: Mapping[str, Labels],
    annotated: Annotated,
) -> None:
    """Give the items that were found their labels and splits."""
    if not annotated.classes:
        for inside, pictures in found:
            label, split = layout.meanings[inside].label, layout.meanings[inside].split
            labels = () if label is None else (label,)
            for item in pictures:
                item.given_label, item.all_labels, item.split = label, labels, split
        return
    alone: dict[str, tuple[str]] = {}  # of a million pictures, each class is in memory once
    for inside, item in _one_by_one(found):
        label, labels, split = rows.get(item.file, _NO_ROW)
        label = label or annotated.classes[item.file]
        labels = labels or annotated.present.get(item.file, ())
        if label is not None and not labels:
            labels = alone.setdefault(label, (label,))
            (label,) = labels
        item.given_label, item.all_labels, item.split = label, labels, split or layout.meanings[inside].split


def _named_once(skipped: Sequence[Skipped]) -> tuple[Skipped, ...]:
    """What was left out, ready to be shown; of system folders with the same name only the first."""
    system = [left_out for left_out in skipped if left_out.reason == _SYSTEM]
    count = Counter(PurePosixPath(left_out.file).name for left_out in system)
    named: list[Skipped] = []
    for left_out in skipped:
        reason = left_out.reason
        if reason == _SYSTEM:
            others = count.pop(PurePosixPath(left_out.file).name, 0) - 1
            if others < 0:
                continue
            reason += f" (and {others} more of this name)" if others else ""
        named.append(Skipped(shown(left_out.file), reason))
    return tuple(named)


def _alike(classes: Iterable[str]) -> list[str]:
    """Groups of classes that differ only in case, such as "Cat / cat"."""
    groups: dict[str, list[str]] = {}
    for name in sorted(classes):
        groups.setdefault(name.casefold(), []).append(name)
    return [" / ".join(group) for group in groups.values() if len(group) > 1]


def _walk(
    folder: Path,
    prefix: str,
    above: frozenset,
    within: Sequence[Path],
    ignored: "_Ignored",
    listed: _Listed,
) -> None:
    """Add every picture, table and file that may hold annotations to `listed`.

    `above` holds the folders we came through.
    """
    try:
        identity = os.stat(folder)
        key = (identity.st_dev, identity.st_ino)
        if key in above:  # a link back up
            return
        entries, hidden = [], []
        for entry in os.scandir(folder):
            (hidden if entry.name.startswith((".", "__MACOSX")) else entries).append(entry)
    except OSError as error:
        listed.skipped.append(Skipped(prefix.rstrip("/"), f"cannot be listed: {error.strerror}"))
        return
    in_cloud = [name for entry in hidden if (name := _picture_in_icloud(entry.name))]
    if in_cloud:
        more = f" (and {len(in_cloud) - 1} more in this folder)" if len(in_cloud) > 1 else ""
        listed.skipped.append(Skipped(f"{prefix}{min(in_cloud)}", f"in iCloud alone: download it{more}"))
    are_folders = _are_folders(entries)
    # With "/" after folders, the order is that of whole paths.
    names = [
        f"{entry.name}/" if is_folder else entry.name
        for entry, is_folder in zip(entries, are_folders, strict=True)
    ]
    pictures: list[Item] = []
    listed.pictures.append((prefix[:-1], pictures))
    all_wanted = not ignored
    for place in in_natural_order(names):
        entry, is_folder = entries[place], are_folders[place]
        name, file = entry.name, prefix + entry.name
        by_name = not is_folder and _is_picture_by_name(name)
        if by_name and all_wanted and not entry.is_symlink():  # as most are
            pictures.append(_found(entry, file))
            continue
        is_annotation = False
        if not by_name:
            lower = name.lower()
            of_photos = lower not in _ORIGINALS and folder.name.endswith(_PHOTOS_LIBRARY)
            if is_folder and (lower in _SYSTEM_FOLDERS or _OF_A_PROGRAM.match(lower) or of_photos):
                listed.skipped.append(Skipped(file, _SYSTEM))
                continue
            if not is_folder and lower.endswith(_TABLE_SUFFIXES) and _is_file(entry):
                if ignored.matches(file, is_folder=False):
                    continue
                if lower not in TABLES:
                    listed.other_tables.append(file)
                elif _leads_out(entry.path, within):
                    listed.skipped.append(Skipped(file, _OUT))
                else:
                    listed.tables.append(file)
                continue
            is_annotation = not is_folder and lower.endswith(ANNOTATION_SUFFIXES)
            by_name = True if is_folder or is_annotation else by_name
        if by_name is False or ignored.matches(file, is_folder):
            continue
        if entry.is_symlink() and _leads_out(entry.path, within):
            if by_name:
                listed.skipped.append(Skipped(file, _OUT))
        elif is_folder:
            _walk(Path(entry.path), f"{file}/", above | {key}, within, ignored, listed)
            pictures = []
            listed.pictures.append((prefix[:-1], pictures))
        elif is_annotation:
            listed.annotations.append(file)
        elif by_name is None and entry.is_symlink() and not os.path.exists(entry.path):
            listed.skipped.append(Skipped(file, "a link to nothing"))
        elif by_name or _is_picture_by_content(entry):
            pictures.append(_found(entry, file))


def _picture_in_icloud(hidden: str) -> str | None:
    """The picture in whose place macOS has left a hidden file, such as .x.jpg.icloud; None for others."""
    name = hidden.removeprefix(".").removesuffix(".icloud")
    return name if hidden.endswith(".icloud") and _is_picture_by_name(name) else None


def _found(entry: os.DirEntry, file: str) -> Item:
    try:
        status = entry.stat()
    except OSError:  # a dangling link: kept, so that opening it names and counts it
        return Item(file, None, (), 0, 0)
    modified_ns = status.st_mtime_ns
    if not -_HALF <= modified_ns < _HALF:  # as 64 bits hold it: times begin anew, but still tell files apart
        modified_ns = (modified_ns + _HALF) % _WHOLE - _HALF
    identity = (status.st_ino * _SPREAD + status.st_ctime_ns + _HALF) % _WHOLE - _HALF
    return Item(file, None, (), status.st_size, modified_ns, None, identity)


def _is_picture_by_name(name: str) -> bool | None:
    """Whether a file is a picture by its suffix; None if its first bytes must tell."""
    dot = name.rfind(".")
    return _is_picture_by_suffix(name[dot:] if dot > 0 else "")


@lru_cache(maxsize=1000)
def _is_picture_by_suffix(suffix: str) -> bool | None:
    suffix = suffix.lower()
    if suffix.strip() in SUFFIXES or re.match(r"\.(jpe?g|png|webp|gif|tiff?|heic|avif)[^a-z]", suffix):
        return True
    kind, encoding = _TYPES.guess_type(f"x{suffix}")
    return False if (kind and not kind.startswith("image/")) or encoding else None


def _is_picture_by_content(entry: os.DirEntry) -> bool:
    if not _is_file(entry):  # a pipe would keep us waiting
        return False
    try:
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
                content = path.read_bytes()
                encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
                lines = [*content.decode(encoding, "surrogateescape").splitlines(), *lines]
            except (OSError, UnicodeError) as error:
                raise UsageError(f"{path} cannot be read: {error}") from error
        try:
            self._spec = GitIgnoreSpec.from_lines(lines) if lines else None
        except ValueError as error:
            raise UsageError(f"a pattern in {path} or --exclude is malformed: {error}") from error
        self.names: list[str] = []
        """What was left out: pictures, tables and folders."""

    def __bool__(self) -> bool:
        """Whether there are any patterns."""
        return self._spec is not None

    def matches(self, file: str, is_folder: bool) -> bool:
        if self._spec is None or not self._spec.match_file(f"{file}/" if is_folder else file):
            return False
        self.names.append(file)
        return True


def _leads_out(path: str | Path, within: Sequence[Path]) -> bool:
    """Whether links on the way to `path` end in none of the folders given, if any are."""
    real = os.path.realpath(path)
    return bool(within) and not any(Path(real).is_relative_to(root) for root in within)


def _are_folders(entries: Iterable[os.DirEntry]) -> list[bool]:
    try:
        return [entry.is_dir() for entry in entries]
    except OSError:
        return [_is_folder(entry) for entry in entries]


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle, or where we may not look
        return False


def _is_file(entry: os.DirEntry) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
