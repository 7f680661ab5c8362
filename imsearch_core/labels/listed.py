"""Tables that list pictures by their files, as corrections.csv and tags.csv do."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, TypeVar

from imsearch_core.errors import UsageError
from imsearch_core.spreadsheets import Table, read_csv

_NAMED_AT_MOST = 10  # bad rows in one message

Said = TypeVar("Said")


@dataclass(frozen=True)
class Listed(Generic[Said]):
    """What a table says about the pictures of a collection."""

    by_file: Mapping[str, Said]
    unknown: tuple[str, ...]
    """Files it names that the collection does not have."""


def open_listed(content: bytes, columns: Sequence[str]) -> tuple[Table, list[str]]:
    """A table, and the names of its columns in small letters; of separators, the one that gives `columns`."""

    def names(header: Sequence[str]) -> list[str]:
        return [name.strip().lower() for name in header]

    table = read_csv(content, lambda header: set(columns) <= set(names(header)))
    return table, names(table.header)


def read_listed(
    content: bytes,
    columns: Sequence[str],
    files: Container[str],
    read: Callable[[Mapping[str, str]], Said],
) -> Listed[Said]:
    """What `read` makes of each row, given by the names of its columns; `files` are the collection's.

    Raises UsageError if one of `columns` is missing, or naming the line of every row for which `read` raises
    it: then none of the table should be used.
    """
    table, names = open_listed(content, columns)
    if missing := [name for name in columns if name not in names]:
        raise UsageError(
            f"the table has no column {', '.join(missing)}: "
            f"line {table.header_line} must name {', '.join(columns)}"
        )
    found: dict[str, Said] = {}
    problems = []
    for line, cells in table.rows:
        if not any(cells):
            continue
        try:
            if any(cells[len(names) :]):
                raise UsageError(f"{len(names)} fields are expected")
            row = dict(zip_longest(names, cells[: len(names)], fillvalue=""))
            if not row["file"]:
                raise UsageError("no file is named")
            if row["file"] in found:
                raise UsageError(f"{row['file']} is listed twice")
            found[row["file"]] = read(row)
        except UsageError as error:
            problems.append(f"line {line}: {error}")
    if problems:
        more = len(problems) - _NAMED_AT_MOST
        rest = f"; and {more} more" if more > 0 else ""
        raise UsageError("; ".join(problems[:_NAMED_AT_MOST]) + rest)
    known = {file: said for file, said in found.items() if file in files}
    return Listed(known, tuple(file for file in found if file not in files))
