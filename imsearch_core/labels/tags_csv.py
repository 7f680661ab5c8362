"""tags.csv: pictures with their labels and tags as a table, written and read back."""

import csv
import io
import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from imsearch_core.datasets import Item
from imsearch_core.errors import UsageError
from imsearch_core.labels.corrections import as_label
from imsearch_core.spreadsheets import decoded, restored, to_csv

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
            _cell(tags.get(item.file, ())),
            item.split or "",
        ]
        for item in items
    )
    return to_csv(_COLUMNS, rows)


def is_tags_csv(content: bytes) -> bool:
    """Whether the first line of a table names the columns file and tags."""
    header = content.partition(b"\n")[0].decode("utf-8-sig", "replace")
    return {"file", "tags"} <= {*next(csv.reader([header]), ())}


def tags_from_csv(content: bytes, files: Container[str]) -> ImportedTags:
    """Read what `tags_to_csv` or a spreadsheet has written; `files` are the collection's. Only the columns
    file and tags count. Raises UsageError, naming the line of a bad row: then none of it should be used.
    """
    reader = csv.DictReader(io.StringIO(decoded(content), newline=""), strict=True)
    tags: dict[str, tuple[str, ...]] = {}
    line = 1
    try:
        if not {"file", "tags"} <= {*(reader.fieldnames or ())}:
            raise UsageError("its first line must name the columns file and tags")
        line = reader.line_num + 1
        for row in reader:
            file, names = restored(row["file"] or ""), restored(row["tags"] or "")
            if not file:
                raise UsageError("no file is named")
            if file in tags:
                raise UsageError(f"{file} is listed twice")
            tags[file] = tuple(sorted({as_label(name) for name in _listed(names)}))
            line = reader.line_num + 1
    except (csv.Error, UsageError) as error:
        raise UsageError(f"line {line}: {error}") from error
    known = {file: names for file, names in tags.items() if file in files}
    return ImportedTags(known, tuple(file for file in tags if file not in files))


def _cell(tags: tuple[str, ...]) -> str:
    """Tags in one cell; as a JSON list if one of them has a semicolon or looks like such a list."""
    if any(";" in tag or tag.startswith("[") for tag in tags):
        return json.dumps(tags, ensure_ascii=False)
    return _SEPARATOR.join(tags)


def _listed(cell: str) -> list[str]:
    if not cell.startswith("["):
        return [name for part in cell.split(";") if (name := part.strip())]
    try:
        names = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the tags are {cell!r}, which is no list: {error}") from error
    if not all(isinstance(name, str) for name in names):
        raise UsageError(f"the tags are {cell!r}: each must be text")
    return names
