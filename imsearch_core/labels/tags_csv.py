"""tags.csv: pictures with their labels and tags as a table, written and read back."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from imsearch_core.datasets import Item
from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import as_label
from imsearch_core.spreadsheets import read_csv, to_csv

_COLUMNS = ("file", "label", "given_label", "tags", "split")
_SEPARATOR = "; "


@dataclass(frozen=True)
class ImportedTags:
    """What a table says about the pictures of a collection."""

    tags: Mapping[str, tuple[str, ...]]
    """The tags of each file listed, sorted; empty if it has none."""
    unknown: tuple[str, ...]
    """Files it names that the collection does not have."""


def tags_to_csv(
    items: Iterable[Item], labels: Mapping[str, str | None], tags: Mapping[str, tuple[str, ...]]
) -> bytes:
    """A row for each item: file, label, the given label, tags (with "; " between) and split."""
    rows = (
        [
            item.file,
            labels[item.file] or "",
            item.given_label or "",
            tags_cell(tags.get(item.file, ())),
            item.split or "",
        ]
        for item in items
    )
    return to_csv(_COLUMNS, rows)


def is_tags_csv(content: bytes) -> bool:
    """Whether the first line of a table names the columns file and tags."""
    try:
        return _is_header(read_csv(content, _is_header).header)
    except UsageError:
        return False


def tags_from_csv(content: bytes, files: Container[str]) -> ImportedTags:
    """Read what `tags_to_csv` or a spreadsheet has written; `files` are the collection's. Only the columns
    file and tags count. Raises UsageError, naming the line of a bad row: then none of it should be used.
    """
    table = read_csv(content, _is_header)
    if not _is_header(table.header):
        raise UsageError(f"line {table.header_line}: it must name the columns file and tags")
    columns = [name.strip().lower() for name in table.header]
    file_at, tags_at = columns.index("file"), columns.index("tags")
    tags: dict[str, tuple[str, ...]] = {}
    for line, cells in table.rows:
        if not any(cells):
            continue
        try:
            if any(cells[len(columns) :]):
                raise UsageError(f"{len(columns)} fields are expected")
            cells += [""] * (len(columns) - len(cells))
            file, names = cells[file_at], cells[tags_at]
            if not file:
                raise UsageError("no file is named")
            if file in tags:
                raise UsageError(f"{file} is listed twice")
            tags[file] = tuple(sorted({as_label(name) for name in _listed(names)}))
        except UsageError as error:
            raise UsageError(f"line {line}: {error}") from error
    known = {file: names for file, names in tags.items() if file in files}
    return ImportedTags(known, tuple(file for file in tags if file not in files))


def _is_header(cells: list[str]) -> bool:
    return {"file", "tags"} <= {cell.strip().lower() for cell in cells}


def tags_cell(tags: tuple[str, ...]) -> str:
    """Tags as one text; as a JSON list if one of them has a semicolon or looks like such a list."""
    if any(";" in tag or tag.startswith("[") for tag in tags):
        return json.dumps(tags, ensure_ascii=False)
    return _SEPARATOR.join(tags)


def _listed(cell: str) -> list[str]:
    if not cell.startswith("["):
        return [name for part in cell.split(";") if (name := part.strip())]
    try:
        names = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the tags are {cell!r}, which is not a list: {error}") from error
    if not all(isinstance(name, str) for name in names):
        raise UsageError(f"the tags are {cell!r}: each must be text")
    return names
