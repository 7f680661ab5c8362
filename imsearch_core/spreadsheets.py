"""CSV that spreadsheets open safely, and that is read back unchanged.

A spreadsheet takes a cell that begins with =, +, -, @, a tab or a carriage return for a formula, and runs
it (OWASP, "CSV Injection"). Such text gets an apostrophe in front, which marks it as text. So that nothing
is lost, text that begins with apostrophes before such a character gets one more. Numbers are left alone.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from imsearch_core.errors import UsageError

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*')
_DELIMITERS = ",;\t|"


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with a byte order mark, its text defused.

    Bytes of file names that are not UTF-8 stay as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_defused(cell) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8", "surrogateescape")


def decoded(content: bytes) -> str:
    """The text of a table in UTF-8, or in UTF-16 or UTF-32 as spreadsheets and other programs write it.

    Bytes that are not UTF-8 are kept, as surrogates, after the byte order mark that `to_csv` writes.
    Without it they come from another encoding: raises UsageError, naming the line.
    """
    if content.startswith(codecs.BOM_UTF8):
        return content[len(codecs.BOM_UTF8) :].decode("utf-8", "surrogateescape")
    try:
        # Before UTF-16, which begins alike.
        if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return content.decode("utf-32")
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        if content[:4].count(0) == 3:
            return content.decode("utf-32-be" if content[0] == 0 else "utf-32-le")
        if content[:2].count(0) == 1:
            return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le")
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if error.encoding != "utf-8":
            raise UsageError(f"line {line} is not {error.encoding[:6].upper()}") from error
        raise UsageError(
            f"line {line} is not UTF-8: save the table as “CSV UTF-8” in the spreadsheet"
        ) from error


@dataclass(frozen=True)
class Table:
    """A CSV file as it was read; its cells as they were before `to_csv` defused them."""

    header: list[str]
    header_line: int
    """The number of the header's line."""
    rows: Iterator[tuple[int, list[str]]]
    """Each row with the number of the line on which it begins; UsageError if it is malformed."""


def read_csv(content: bytes, is_header: Callable[[list[str]], bool], trimmed: bool = False) -> Table:
    """Read a table whose cells are separated by comma, semicolon, tab or "|": by the first of them that makes
    its first line a header, or by what Excel names in a line "sep=;" above it. Empty lines and comments,
    which begin with "#", may precede the header.

    `trimmed` says that blanks after a separator belong to no cell. Raises UsageError, naming the line.
    """
    text, delimiters, skipped = decoded(content), _DELIMITERS, 0
    first, _, rest = text.partition("\n")
    if said := _SEPARATOR.fullmatch(first):
        text, delimiters, skipped = rest, said[1], 1
    refusal = None
    tables = []
    for delimiter in delimiters:
        try:
            table = _parsed(text, delimiter, skipped, trimmed)
        except UsageError as error:  # quotes that end before another separator
            refusal = refusal or error
            continue
        if is_header(table.header):
            return table
        tables.append(table)
    if not tables:
        raise refusal
    return tables[0]


def _parsed(text: str, delimiter: str, skipped: int, trimmed: bool) -> Table:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=trimmed, strict=True
    )
    rows = _numbered(reader, skipped)
    line, header = next(
        ((line, cells) for line, cells in rows if any(cells) and not cells[0].startswith("#")),
        (1 + skipped, []),
    )
    return Table(header, line, rows)


def _numbered(reader: Iterator[list[str]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(f"line {line} is not CSV: {error}") from error
        yield line, list(map(restored, cells))


def restored(cell: str) -> str:
    """A cell as it was before `to_csv` defused it."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def _defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
