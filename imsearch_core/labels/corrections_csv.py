"""corrections.csv: a person's decisions as a table, written and read back."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import Choice, Decision, as_label
from imsearch_core.spreadsheets import read_csv, to_csv

COLUMNS = ("file", "label", "corrected", "quality", "decision")
SPLIT = "split"
_NAMED_AT_MOST = 10  # bad rows in one message


@dataclass(frozen=True)
class Imported:
    """What a table says about the pictures of a collection."""

    decisions: tuple[Decision, ...]
    unknown: tuple[str, ...]
    """Files it names that the collection does not have."""


def corrections_to_csv(decisions: Iterable[Decision], split_of: Mapping[str, str | None]) -> bytes:
    """The table, sorted by file, as `spreadsheets.to_csv` writes it.

    The last column, the split of each file, is for other tools: it is not read back, as it is no decision.
    """
    return to_csv(
        [*COLUMNS, SPLIT],
        (
            [
                d.file,
                d.label or "",
                d.corrected or "",
                "" if d.quality is None else d.quality,
                d.choice.value,
                split_of.get(d.file) or "",
            ]
            for d in sorted(decisions, key=lambda decision: decision.file)
        ),
    )


def corrections_from_csv(content: bytes, files: Container[str]) -> Imported:
    """Read a table that `corrections_to_csv` or a spreadsheet has written; `files` are the collection's.

    Raises UsageError, naming the line of every bad row: then none of it should be used.
    """
    table = read_csv(content, lambda header: set(COLUMNS) <= set(header))
    if missing := [name for name in COLUMNS if name not in table.header]:
        raise UsageError(
            f"the table has no column {', '.join(missing)}: its first line must be {','.join(COLUMNS)}"
        )
    decisions: dict[str, Decision] = {}
    problems = []
    for line, cells in table.rows:
        if not cells:  # an empty line
            continue
        try:
            if len(cells) != len(table.header):
                raise UsageError(f"{len(table.header)} fields are expected")
            decision = _decision(dict(zip(table.header, cells, strict=True)))
            if decision.file in decisions:
                raise UsageError(f"{decision.file} is listed twice")
            decisions[decision.file] = decision
        except UsageError as error:
            problems.append(f"line {line}: {error}")
    if problems:
        more = len(problems) - _NAMED_AT_MOST
        rest = f"; and {more} more" if more > 0 else ""
        raise UsageError("; ".join(problems[:_NAMED_AT_MOST]) + rest)
    known = tuple(decision for decision in decisions.values() if decision.file in files)
    return Imported(known, tuple(file for file in decisions if file not in files))


def _decision(row: Mapping[str, str]) -> Decision:
    file, label, corrected, quality, choice = (row[name] for name in COLUMNS)
    if not file:
        raise UsageError("no file is named")
    if choice not in set(Choice):
        raise UsageError(f"the decision is {choice!r}: it must be {', '.join(Choice)}")
    if corrected != label and choice in (Choice.KEEP, Choice.SKIP):
        raise UsageError(f"the decision is {choice}, but corrected is {corrected!r} and label {label!r}")
    if choice in (Choice.ACCEPT, Choice.RELABEL):
        corrected = as_label(corrected)
    return Decision(file, label or None, corrected or None, _quality(quality), Choice(choice))


def _quality(text: str) -> float | None:
    try:
        quality = float(text) if text else None
        if quality is None or 0 <= quality <= 1:
            return quality
    except ValueError:
        pass
    raise UsageError(f"the quality is {text!r}: it must be from 0 to 1, or empty")
