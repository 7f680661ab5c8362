"""The problems of a collection by file: with labels that nobody has decided about, and with pictures."""

from collections.abc import Iterable, Mapping

from imsearch_core.labels.quality import PoorPicture
from imsearch_core.labels.ranking import JudgedLabel, LabelIssue

DOUBTFUL, POOR = "doubtful label", "poor picture"
"""Names for any problem with a label, and for any with a picture."""


def problems_by_file(judged: Iterable[JudgedLabel], poor: Iterable[PoorPicture]) -> dict[str, frozenset[str]]:
    """The problems of each file that has any: of `LabelIssue` with DOUBTFUL, of `QualityIssue` with POOR."""
    found = {one.file: frozenset((DOUBTFUL, str(one.kind))) for one in judged if one.kind.is_doubtful}
    for one in poor:
        found[one.file] = found.get(one.file, frozenset()) | {POOR, str(one.issue)}
    return found


def undecided(problems: Mapping[str, frozenset[str]], decided: Iterable[str]) -> dict[str, frozenset[str]]:
    """The same without those of labels that were `decided` about."""
    return {**problems} | {
        file: problems[file] - {DOUBTFUL, *map(str, LabelIssue)} for file in decided if file in problems
    }
