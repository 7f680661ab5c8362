"""The problems of a collection by file: with labels that nobody has decided about, and with pictures."""

from collections.abc import Collection, Iterable, Mapping

from imsearch_core.labels.quality import PoorPicture
from imsearch_core.labels.ranking import JudgedLabel

DOUBTFUL, POOR = "doubtful label", "poor picture"
"""Names for any problem with a label, and for any with a picture."""


def problems_by_file(
    judged: Iterable[JudgedLabel], poor: Iterable[PoorPicture], decided: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """The problems of each file that has any, by the names of `LabelIssue` and `QualityIssue` and by DOUBTFUL
    or POOR. The labels of files that are `decided` have none.
    """
    found: dict[str, frozenset[str]] = {}
    for one in judged:
        if one.kind.is_doubtful and one.file not in decided:
            found[one.file] = frozenset((DOUBTFUL, str(one.kind)))
    for one in poor:
        found[one.file] = found.get(one.file, frozenset()) | {POOR, str(one.issue)}
    return found
