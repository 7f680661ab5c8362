"""Labels from tables: labels.csv, and the metadata files of Hugging Face's imagefolder."""

import ast
import contextlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

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
from imsearch_core.datasets.finder import Finder
from imsearch_core.datasets.layout import split_called
from imsearch_core.datasets.names import normal, some
from imsearch_core.errors import ImsearchError
from imsearch_core.spreadsheets import Table, decoded, read_csv
from imsearch_core.wording import counted

if TYPE_CHECKING:
    import pandas as pd

LABELS_FILE = "labels.csv"
_OF_ROBOFLOW = "_classes.csv"
TABLES = (_OF_ROBOFLOW, "metadata.csv", "metadata.jsonl", "metadata.parquet", LABELS_FILE)
"""Names of the tables that are read; a later one overrides an earlier one."""
_WHOLE = re.compile(r"(-?\d+)\.0")
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
    rows: Sequence[_Row], table: str, finder: Finder, classes: Mapping[str, str | None], notes: list[str]
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
    found = _csv_table(content)
    columns, rows, marked = columns_by_name(found.header), found.rows, ()
    if "file" not in columns or not columns.keys() & {"label", "list"}:
        rows = list(rows)
        marked, read_as = _by_content(columns, found.header, rows, finder)
        notes += [f"{table} is read with {', '.join(read_as)}"] if read_as else []
    if "file" not in columns:
        if table.rpartition("/")[2].lower() == _OF_ROBOFLOW:
            return  # in a folder of masks, this table has their colours
        raise ImsearchError(
            f"line {found.header_line} has no column for files: name it one of {', '.join(FILE)}, "
            "as in file,label,all_labels"
        )
    long = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(found.header) :]):
            long.append(line)
        record = _record(found.header, cells)
        row = _row(line, columns, record)
        yield replace(row, listed=classes_marked(record, marked), leads=True) if marked else row
    if long:
        count = counted(len(long), "row has", "rows have")
        lines = some(f"line {line}" for line in long)
        notes.append(f"{table}: {count} more cells than the first line, which were ignored: {lines}")


def _csv_table(content: bytes) -> Table:
    """The table in a CSV file, without blank rows and a title in a row above the header."""
    found = read_csv(content, lambda header: "file" in columns_by_name(header), trimmed=True)
    if not found.header:
        raise ImsearchError(f"line {found.header_line} is empty, and so is the table")
    if "file" not in columns_by_name(found.header):
        found = read_csv(content, lambda header: len(header) > 1, trimmed=True)
        if len(found.header) > 1 and sum(map(bool, found.header)) == 1:
            header = next(((line, cells) for line, cells in found.rows if sum(map(bool, cells)) > 1), None)
            found = Table(header[1], header[0], found.rows) if header else found
    return replace(found, rows=((line, cells) for line, cells in found.rows if any(map(str.strip, cells))))


def _by_content(
    columns: dict[str, str], header: Sequence[str], rows: Sequence[tuple[int, list[str]]], finder: Finder
) -> tuple[Sequence[str], list[str]]:
    """Adds to `columns` what is not known by its name. Returns the columns that stand for a class each, if
    any do, and how each is read."""
    read_as = []
    if "file" not in columns and (file := column_of_files(header, [cells for _, cells in rows], finder.find)):
        columns["file"] = file
        read_as.append(f"“{file}” as the file")
    if columns.keys() & {"label", "list"}:
        return (), read_as
    others = [name for name in header if name and name not in columns.values()]
    records = [_record(header, cells) for _, cells in rows]
    if marked := columns_for_each_class(others, records):
        named = some(f"“{name}”" for name in marked)
        return marked, [*read_as, f"{named} as classes, shown where they are 1"]
    if classes := column_of_classes(others, records):
        columns["label"] = classes
        read_as.append(f"“{classes}” as the class")
    return (), read_as


def _record(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict(zip(header, cells))  # noqa: B905 (short rows lack their last cells)


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
