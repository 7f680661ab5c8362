"""tags.csv: pictures with their labels and tags as a table, written and read back."""

import json
from collections.abc import Container, Iterable, Mapping

from imsearch_core.datasets import Item
from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import as_label
from imsearch_core.labels.listed import Listed, open_listed, read_listed
from imsearch_core.spreadsheets import to_csv

_READ = ("file", "tags")
_SEPARATOR = "; "


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
    return to_csv(["file", "label", "given_label", "tags", "split"], rows)


def is_tags_csv(content: bytes) -> bool:
    """Whether the first line of a table names the columns file and tags."""
    try:
        return set(_READ) <= set(open_listed(content, _READ)[1])
    except UsageError:
        return False


def tags_from_csv(content: bytes, files: Container[str]) -> Listed[tuple[str, ...]]:
    """The tags, sorted, of each file in what `tags_to_csv` or a spreadsheet has written: see `read_listed`.

    Only the columns file and tags count.
    """
    return read_listed(
        content, _READ, files, lambda row: tuple(sorted(set(map(as_label, _listed(row["tags"])))))
    )


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
