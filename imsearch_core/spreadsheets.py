"""CSV that spreadsheets open safely, and that is read back unchanged.

A spreadsheet takes a cell that begins with =, +, -, @, a tab or a carriage return for a formula, and runs
it (OWASP, "CSV Injection"). Such text gets an apostrophe in front, which marks it as text. So that nothing
is lost, text that begins with apostrophes before such a character gets one more. Numbers are left alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from imsearch_core.errors import UsageError

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_BOM = b"\xef\xbb\xbf"


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table in UTF-8 with a byte order mark, its text defused.

    Bytes of file names that are not UTF-8 stay as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_defused(cell) for cell in row] for row in rows)
    return _BOM + text.getvalue().encode("utf-8", "surrogateescape")


def decoded(content: bytes) -> str:
    """The text of a CSV file.

    Bytes that are not UTF-8 are kept, as surrogates, after the byte order mark that `to_csv` writes.
    Without it they come from another encoding: raises UsageError, naming the line.
    """
    if content.startswith(_BOM):
        return content[len(_BOM) :].decode("utf-8", "surrogateescape")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"line {line} is not UTF-8: save the table as “CSV UTF-8” in the spreadsheet"
        ) from error


def restored(cell: str) -> str:
    """A cell as it was before `to_csv` defused it."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def _defused(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
