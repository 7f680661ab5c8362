"""Labels from tables: labels.csv, and the metadata files of Hugging Face's imagefolder."""

import ast
import contextlib
import json
import math
import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from imsearch_core.datasets.columns import (
    FILE,
    LABEL,
    LISTS,
    classes_marked,
    classes_of_objects,
    column_of_classes,
    column_of_files,
    columns_by_name,
    columns_for_each_class,
    list_leads,
)
from imsearch_core.datasets.layout import split_called
from imsearch_core.datasets.names import normal, some
from imsearch_core.errors import ImsearchError
from imsearch_core.pictures.formats import SUFFIXES
from imsearch_core.spreadsheets import decoded, read_csv
from imsearch_core.wording import counted

if TYPE_CHECKING:
    import pandas as pd

LABELS_FILE = "labels.csv"
_OF_ROBOFLOW = "_classes.csv"
TABLES = (_OF_ROBOFLOW, "metadata.csv", "metadata.jsonl", "metadata.parquet", LABELS_FILE)
"""Names of the tables that are read; a later one overrides an earlier one."""
_WHOLE = re.compile(r"(-?\d+)\.0")
_AFTER_A_PATH = re.compile(r"[?#].*")  # in a URL
# Where Label Studio keeps a picture; it puts a random number before the name of an uploaded one.
_UPLOADED = re.compile(r".*/(?:upload/\d+/|local-files/\?d=)((?:[0-9a-f]{8}-)?(.+))")
_FRAME = "the data frame"
_TRUE = {"1", "true", "yes"}
_OTHER_KINDS = {
    b"PK\x03\x04": "a workbook or an archive: save or unpack it as CSV",
    b"\xd0\xcf\x11\xe0": "a workbook: save it as CSV",
    b"\x1f\x8b": "packed: unpack it",
    b"PAR1": "Parquet: call it metadata.parquet",
    b"version https://git-lfs": "a Git LFS pointer: run git lfs pull",
    b"<": "a web page or XML",
    b"[{": "JSON",
    b"{": "JSON",
}
"""What begins with these bytes is no CSV, and what to do about it."""
_MISSING = {"nan", "NaN", "None", "null", "NULL", "<NA>", "N/A"}


class Labels(NamedTuple):
    """What a table says of a file."""

    label: str | None
    """None if that is left to the folder."""
    all_labels: tuple[str, ...]
    """Every class known to be present."""
    split: str | None
    """None if that is left to the folder."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    file: str
    label: str
    listed: object
    """The cell with several classes: text, or a list from JSON or Parquet."""
    leads: bool
    """Whether the first class of the list is the label, as no column has the label alone."""
    wrong: bool
    """Whether the row says that the picture does not show its label."""
    split: str


def read_tables(
    folder: Path,
    tables: Sequence[str],
    classes: Mapping[str, str | None],
    frame: "pd.DataFrame | None" = None,
) -> tuple[dict[str, Labels], list[str]]:
    """Read tables, given by their paths below `folder`; a later one overrides an earlier one, `frame` all.

    `classes` maps every picture's file to the class of its folder. Returns what the tables say of each
    file, and sentences about rows that match no picture, pictures without a row and the like.
    Raises ImsearchError, naming the line, if a table is malformed.
    """
    found: dict[str, Labels] = {}
    notes: list[str] = []
    for table in tables:
        finder = Finder(folder, table.rpartition("/")[0], classes)
        rows = _with_whole_numbers(list(_rows(folder / table, table, finder, notes)))
        found |= _matched(rows, table, finder, classes, notes)
    if frame is not None:
        rows = list(_frame_rows(frame))
        found |= _matched(rows, _FRAME, Finder(folder, "", classes), classes, notes)
        tables = [*tables, _FRAME]
    if without := [file for file in classes if file not in found]:
        count = counted(len(without), "picture has", "pictures have")
        notes.append(f"{count} no row in {some(tables)}: {some(without)}")
    return found, notes


def _matched(
    rows: Sequence[_Row], table: str, finder: "Finder", classes: Mapping[str, str | None], notes: list[str]
) -> dict[str, Labels]:
    """The labels of each file that a row names; adds to `notes` what was amiss."""
    folder_classes = set(classes.values())
    known = _known(rows) | folder_classes
    found: dict[str, Labels] = {}
    unmatched, repeated, missing, unknown = [], [], Counter(), Counter()
    for row in rows:
        file = finder.find(row.file)
        if file is None:
            unmatched.append(row)
            continue
        if file in found:
            repeated.append(file)
        label = row.label
        if label in _MISSING and label not in folder_classes:
            missing[label] += 1
            label = ""
        own = label or classes[file]
        listed = _classes_in(row.listed, own, known)
        if row.leads and listed and classes[file] not in listed:
            own = label = listed[0]
        if listed and own and own not in listed and not row.wrong:
            listed = (own, *listed)
        split = split_called(row.split)
        if row.split and not split:
            unknown[row.split] += 1
        found[file] = Labels(label or None, listed, split)
    if not rows:
        notes.append(f"{table} has no rows")
    elif not any(row.label or row.split or _certain_list(row.listed) for row in rows):
        columns = ", ".join((*LABEL, *LISTS))
        notes.append(f"{table} names no class: it has none in a column called {columns}")
    if unmatched:
        lines = some(f"{row.file} in line {row.line}" for row in unmatched)
        notes.append(f"{table}: {counted(len(unmatched), 'row matches', 'rows match')} no picture: {lines}")
    if repeated:
        count = counted(len(repeated), "row repeats", "rows repeat")
        notes.append(f"{table}: {count} a picture, and the last row counts: {some(dict.fromkeys(repeated))}")
    if missing:
        count = counted(missing.total(), "label is", "labels are")
        notes.append(f"{table}: {count} read as missing: {some(missing)}")
    if unknown:
        count = counted(unknown.total(), "split is", "splits are")
        notes.append(f"{table}: {count} not train, val or test: {some(unknown)}")
    return found


def _with_whole_numbers(rows: list[_Row]) -> list[_Row]:
    """The rows with labels 1, 2 … where all are 1.0, 2.0 …: so pandas writes numbers when one is missing."""
    present = {row.label for row in rows} - _MISSING - {""}
    if not all(map(_WHOLE.fullmatch, present)):
        return rows
    return [replace(row, label=_WHOLE.sub(r"\1", row.label)) for row in rows]


class Finder:
    """Finds the picture that a table or an annotation names, below `base`, a folder in `folder`."""

    def __init__(self, folder: Path, base: str, files: Iterable[str]):
        self._folder = folder.as_posix()
        self._base = f"{base}/" if base else ""
        self._files = files
        self._spellings: list[dict[str, str | None]] | None = None

    def find(self, named: str) -> str | None:
        """The file: as it is spelled, else one that differs only in form, case or leading folders."""
        if self._base + named in self._files:
            return self._base + named
        path = _tidy(named)
        folder = f"{self._folder}/"
        if ".." in path.split("/") and not path.startswith("/"):
            path = posixpath.normpath(f"{folder}{self._base}{path}")
        if path.startswith(folder):
            return self._everywhere.find(path.removeprefix(folder))
        path = path.lstrip("/")
        parts = path.split("/")
        # Folders above the one we opened may lead the path, but what is left still names a folder.
        tails = ["/".join(parts[start:]) for start in range(max(1, len(parts) - 1))]
        if len(parts) > 1 and parts[-2] == self._folder.rpartition("/")[2]:
            tails.append(parts[-1])
        for tail in tails:
            for spelled, file in self._spelled(self._base + tail):
                if spelled:
                    return file
        file = self._by_name(path) if len(parts) == 1 else None
        if file is None and "://" in named and (page := _AFTER_A_PATH.sub("", named)) != named:
            return self.find(page)
        if file is None and (unquoted := unquote(named)) != named:  # as in a URL
            return self.find(unquoted)
        if file is None and (uploaded := _UPLOADED.fullmatch(named)):
            found = map(self.find, dict.fromkeys(uploaded.groups()))
            return next(filter(None, found), None)
        return file

    @cached_property
    def _everywhere(self) -> "Finder":
        return Finder(Path(self._folder), "", self._files)

    def _spelled(self, path: str) -> Iterator[tuple[bool, str | None]]:
        exact, folded, _ = self._all_spellings()
        for spelling, files in ((path, exact), (path.casefold(), folded)):
            yield spelling in files, files.get(spelling)

    def _by_name(self, name: str) -> str | None:
        """The only picture with a name; if the name has no suffix, whatever the picture's suffix."""
        *_, by_name = self._all_spellings()
        if name.casefold() in by_name or PurePosixPath(name).suffix.lower() in SUFFIXES:
            return by_name.get(name.casefold())
        return self._by_stem.get(name.casefold())

    @cached_property
    def _by_stem(self) -> dict[str, str | None]:
        """Files by their name without the suffix; None where several have it."""
        files: dict[str, str | None] = {}
        for name, file in self._all_spellings()[2].items():
            stem = PurePosixPath(name).stem
            files[stem] = None if stem in files else file
        return files

    def _all_spellings(self) -> list[dict[str, str | None]]:
        """Files by their tidy path, by that in lower case, and by name; None where several have it."""
        if self._spellings is None:
            self._spellings = [{}, {}, {}]
            for file in self._files:
                if not file.startswith(self._base):
                    continue
                path = _tidy(file) if "\\" not in file else file
                keys = (path, path.casefold(), path.rpartition("/")[2].casefold())
                for spellings, key in zip(self._spellings, keys, strict=True):
                    spellings[key] = None if key in spellings else file
        return self._spellings


def _tidy(path: str) -> str:
    """A path with "/", composed characters, and neither blanks around names nor empty or "." parts."""
    path = unicodedata.normalize("NFC", path.removeprefix("file://")).replace("\\", "/")
    parts = (normal(part) for part in path.split("/"))
    root = "/" if path.startswith("/") else ""
    return root + "/".join(part for part in parts if part not in ("", "."))


# Lists of classes


def _known(rows: Sequence[_Row]) -> set[str]:
    """The classes that the table names beyond doubt."""
    known = {row.label for row in rows}
    for row in rows:
        parts = _certain_list(row.listed)
        if len(parts) > 1 or not re.search(r"[\s,]", "".join(parts)):
            known.update(parts)
    return known


def _classes_in(cell: object, own: str | None, known: set[str | None]) -> tuple[str, ...]:
    """The classes that a cell lists.

    Blanks and commas separate them only if every part is a known class, or if one is the picture's `own`.
    """
    parts = _certain_list(cell)
    if len(parts) == 1 and parts[0] not in known:
        for separator in (",", None):
            split = [normal(part) for part in parts[0].split(separator)]
            if len(split) > 1 and (own in split or known.issuperset(split)):
                parts = split
                break
    return tuple(dict.fromkeys(part for part in parts if part not in _MISSING or part in known))


def _certain_list(cell: object) -> list[str]:
    if isinstance(cell, str):
        text = cell.strip()
        cell = _list_in(text) or re.split(r"[;|]", text)
    values = cell if isinstance(cell, list | tuple) else [cell]
    return [part for value in values if (part := _text(value))]


def _list_in(text: str) -> list | tuple | None:
    """The list that a text spells, as JSON or as pandas writes it; None if it spells none."""
    if not text.startswith(("[", "(")):
        return None
    for read in (json.loads, ast.literal_eval):
        with contextlib.suppress(ValueError, SyntaxError, RecursionError, MemoryError):
            if isinstance(found := read(text), list | tuple):
                return found
    return None


def _text(value: object) -> str:
    """A value from any kind of table as a label or a file: trimmed, "" if it is missing."""
    if isinstance(value, dict):  # an image of the datasets library
        value = value.get("path")
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normal(str(value))


# Kinds of tables


def _rows(path: Path, table: str, finder: Finder, notes: list[str]) -> Iterator[_Row]:
    try:
        kind = path.suffix.lower()
        if kind == ".csv":
            yield from _csv_rows(path, table, finder, notes)
            return
        records = _jsonl(path) if kind == ".jsonl" else _parquet(path)
        for line, record in records:
            if not isinstance(record, dict) or not (columns := columns_by_name(record)).get("file"):
                raise ImsearchError(f"line {line} names no file: it needs one of {', '.join(FILE)}")
            yield _row(line, columns, record)
    except (OSError, ImsearchError) as error:
        raise ImsearchError(f"{path} cannot be read: {error}") from error


def _frame_rows(frame: "pd.DataFrame") -> Iterator[_Row]:
    """Rows of a data frame, counted from 1."""
    columns = columns_by_name(frame.columns)
    if "file" not in columns:
        raise ImsearchError(f"{_FRAME} has no column for files: name it one of {', '.join(FILE)}")
    records = frame[[*dict.fromkeys(columns.values())]].to_dict("records")
    for line, record in enumerate(records, 1):
        yield _row(line, columns, record)


def _row(line: int, columns: dict[str, str], record: Mapping[str, object]) -> _Row:
    file = record.get(columns["file"])
    label = record.get(columns.get("label"))
    listed = record.get(columns.get("list"))
    if isinstance(label, list | tuple):
        label, listed = "", listed or label
    leads = list_leads(columns) or isinstance(record.get(columns.get("label")), list | tuple)
    if not label and not listed:
        listed, leads = classes_of_objects(record.get(columns.get("objects"))), True
    named = file if isinstance(file, str) else _text(file)
    wrong = _text(record.get(columns.get("wrong"))).lower() in _TRUE
    split = _text(record.get(columns.get("split")))
    return _Row(line, named, _text(label), listed, leads, wrong, split)


def _csv_rows(path: Path, table: str, finder: Finder, notes: list[str]) -> Iterator[_Row]:
    content = path.read_bytes()
    if kind := next(
        (kind for start, kind in _OTHER_KINDS.items() if content.lstrip().startswith(start)), None
    ):
        raise ImsearchError(f"it is {kind}")
    found = read_csv(content, lambda header: "file" in columns_by_name(header), trimmed=True)
    if not found.header:
        raise ImsearchError(f"line {found.header_line} is empty, and so is the table")
    columns, read_as = columns_by_name(found.header), []
    if "file" not in columns:
        found = read_csv(content, lambda header: len(header) > 1, trimmed=True)
    rows = [(line, cells) for line, cells in found.rows if any(cell.strip() for cell in cells)]
    if "file" not in columns:
        columns = columns_by_name(found.header)
        columns["file"] = column_of_files(found.header, [cells for _, cells in rows], finder.find)
        read_as.append(f"“{columns['file']}” as the file")
    if not columns["file"]:
        if table.rpartition("/")[2].lower() == _OF_ROBOFLOW:
            return  # in a folder of masks, this table has their colours
        raise ImsearchError(
            f"line {found.header_line} has no column for files: name it one of {', '.join(FILE)}, "
            "as in file,label,all_labels"
        )
    records = [dict(zip(found.header, cells)) for _, cells in rows]  # noqa: B905 (short rows lack their last cells)
    marked: Sequence[str] = ()
    if "label" not in columns and "list" not in columns:
        others = [name for name in found.header if name and name not in columns.values()]
        marked = columns_for_each_class(others, records)
        if marked:
            read_as.append(f"{some(f'“{name}”' for name in marked)} as classes, shown where they are 1")
        elif classes := column_of_classes(others, records):
            columns["label"] = classes
            read_as.append(f"“{classes}” as the class")
    for (line, _), record in zip(rows, records, strict=True):
        row = _row(line, columns, record)
        yield replace(row, listed=classes_marked(record, marked), leads=True) if marked else row
    if read_as:
        notes.append(f"{table} is read with {', '.join(read_as)}")
    long = [line for line, cells in rows if any(cell.strip() for cell in cells[len(found.header) :])]
    if long:
        rows = counted(len(long), "row has", "rows have")
        lines = some(f"line {line}" for line in long)
        notes.append(f"{table}: {rows} more cells than the first line, which were ignored: {lines}")


def _jsonl(path: Path) -> Iterator[tuple[int, object]]:
    for line, text in enumerate(decoded(path.read_bytes()).split("\n"), start=1):
        if text.strip():
            try:
                yield line, json.loads(text)
            except (ValueError, RecursionError) as error:
                raise ImsearchError(f"line {line} is not JSON: {error}") from error


def _parquet(path: Path) -> Iterator[tuple[int, object]]:
    """Rows of a Parquet file, counted from 1. pyarrow comes with Streamlit."""
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        columns = [*columns_by_name(file.schema_arrow.names).values()]
        names = _class_names(file.schema_arrow.metadata or {})
        records = file.read(columns).to_pylist()
    except (pyarrow.ArrowException, ValueError) as error:
        raise ImsearchError(f"it is not Parquet: {error}") from error
    for line, record in enumerate(records, start=1):
        for column in names.keys() & record.keys():
            record[column] = _named_class(record[column], names[column])
        yield line, record


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    """For each column of numbered classes their names, as the datasets library keeps them."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        kinds = {column: kind.get("feature", kind) for column, kind in features.items()}
        return {column: list(kind["names"]) for column, kind in kinds.items() if "names" in kind}
    except (LookupError, ValueError, TypeError, AttributeError):  # none, or another program's
        return {}


def _named_class(value: object, names: Sequence[str]) -> object:
    """A class's name for its number, also in lists; -1 stands for no class."""
    if isinstance(value, list):
        return [_named_class(one, names) for one in value]
    if isinstance(value, int) and value < len(names):
        return names[value] if value >= 0 else None
    return value
