"""What a table that the label review has exported would change: corrections.csv or tags.csv."""

from collections.abc import Container
from dataclasses import dataclass

from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.corrections_csv import corrections_from_csv
from imsearch_core.labels.decisions import Decision, TagChange
from imsearch_core.labels.tags_csv import is_tags_csv, tags_from_csv


@dataclass(frozen=True)
class TableImport:
    """The news in a table."""

    corrections: Corrections
    decisions: tuple[Decision, ...]
    tag_changes: tuple[TagChange, ...]
    tagged: int | None
    """How many pictures a table of tags lists; None for a table of decisions."""
    unknown: tuple[str, ...]
    """Files it names that the collection does not have."""

    @property
    def tags_removed(self) -> int:
        return sum(change.off for change in self.tag_changes)

    @property
    def decisions_replaced(self) -> int:
        """How many decisions differ from one that counts now."""
        known = self.corrections.decisions
        return sum(d.file in known and known[d.file] != d for d in self.decisions)

    def save(self) -> None:
        """Save all of it or nothing. Raises ImsearchError if that fails."""
        if self.decisions:
            self.corrections.add(self.decisions)
        if self.tag_changes:
            self.corrections.add_tags(self.tag_changes)


def read_import(content: bytes, files: Container[str], corrections: Corrections) -> TableImport:
    """Read a table about the collection's `files`; its columns say what it holds.

    Raises UsageError, naming the line, for a bad row: then none of it should be used.
    """
    if is_tags_csv(content):
        tags = tags_from_csv(content, files)
        changes = tuple(corrections.tag_changes(tags.by_file))
        return TableImport(corrections, (), changes, len(tags.by_file), tags.unknown)
    decided = corrections_from_csv(content, files)
    return TableImport(corrections, tuple(decided.by_file.values()), (), None, decided.unknown)
