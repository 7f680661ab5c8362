"""corrections.csv: a person's decisions as a table, written and read back."""

from collections.abc import Container, Iterable, Mapping

from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import Choice, Decision, as_label
from imsearch_core.labels.listed import Listed, read_listed
from imsearch_core.spreadsheets import to_csv

COLUMNS = ("file", "label", "corrected", "quality", "decision")


def corrections_to_csv(decisions: Iterable[Decision], split_of: Mapping[str, str | None]) -> bytes:
    """The table, sorted by file, as `spreadsheets.to_csv` writes it.

    The last column, the split of each file, is for other tools: it is not read back, as it is no decision.
    """
    return to_csv(
        [*COLUMNS, "split"],
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


def corrections_from_csv(content: bytes, files: Container[str]) -> Listed[Decision]:
    """Read a table that `corrections_to_csv` or a spreadsheet has written: see `read_listed`."""
    return read_listed(content, COLUMNS, files, _decision)


def _decision(row: Mapping[str, str]) -> Decision:
    file, label, corrected, quality, choice = (row[name] for name in COLUMNS)
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
