"""What is known about a collection's pictures: labels, problems, duplicates, sizes, dates and cameras."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.errors import UsageError
from imsearch_core.index import Contents
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import NO_LABEL, Decision
from imsearch_core.labels.duplicates import DuplicateGroup, Folder, duplicates_of
from imsearch_core.labels.problems import problems_by_file, undecided
from imsearch_core.labels.quality import PoorPicture, quality_issues
from imsearch_core.labels.ranking import JudgedLabel, judge_labels
from imsearch_core.labels.shown import ShownLabels
from imsearch_core.once import Made, Once
from imsearch_core.progress import Progress, silent
from imsearch_core.store.properties import PROPERTIES_KEPT
from imsearch_core.store.signatures import signatures_of


class KnownFacts:
    """The facts about the pictures of one collection, each found out once, when first asked for.

    They are the `imsearch_core.search.filters.PictureFacts` of its filters. Threads may share them.
    """

    def __init__(
        self, folder: Path, contents: Contents, corrections: Corrections, head: Callable[[], ClassHead | None]
    ) -> None:
        """`head()` gives the class head, None if the encoder has none; it is called to judge labels."""
        self._folder, self._contents = folder, contents
        self._corrections = corrections
        self.shown_labels = ShownLabels(contents.items, corrections, contents.version)
        self.judged: Once[tuple[JudgedLabel, ...]] = Once(
            lambda progress: judge_labels(contents, head(), progress)
        )
        """Every picture's given label judged, worst first."""
        self.poor: Once[tuple[PoorPicture, ...]] = Once(
            lambda progress: quality_issues(self.shown_labels.files, self.signatures(progress))
        )
        """The pictures of poor quality: by issue, the worst first."""
        self.duplicates: Once[tuple[DuplicateGroup, ...]] = Once(self.find_duplicates)
        """The groups of pictures that are the same, or nearly."""
        self.properties: Once[np.ndarray] = Once(partial(PROPERTIES_KEPT.of, folder, contents.items))
        """PROPERTIES [n]: size, date and camera of each picture, read while they were embedded."""

        self._others: dict[object, Once] = {}

    @property
    def version(self) -> object:
        """Changes with labels, tags and problems."""
        return self._corrections.version

    def find_duplicates(
        self, progress: Progress = silent, archive: "KnownFacts | None" = None, prefer: str | None = None
    ) -> tuple[DuplicateGroup, ...]:
        """The groups of pictures that are the same, or nearly; with an `archive`, those that it has too.

        `prefer` is as in `imsearch_core.labels.duplicates.find_duplicates`. Raises UsageError if the archive
        was opened with another encoder.
        """
        if archive and archive._contents.fingerprint != self._contents.fingerprint:
            raise UsageError(f"{archive._folder} and {self._folder} were opened with different encoders")
        folders = [known._pictures for known in (archive, self) if known]
        return duplicates_of(folders, prefer, progress)

    def signatures(self, progress: Progress = silent) -> np.ndarray:
        """SIGNATURE [n]: thumbnails and measures of each picture, read from disk, or made if need be."""
        return signatures_of(self._folder, self._contents.items, progress)

    def once(self, what: object, find_out: Callable[[Progress], Made]) -> Once[Made]:
        """Another fact, found out by `find_out(progress)`; `what` tells such facts apart."""
        return self._others.setdefault(what, Once(find_out))

    def labels(self) -> dict[str, str]:
        """Each file's label as filters name it."""
        return {file: label or NO_LABEL for file, label in self.shown_labels.by_file().items()}

    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of the files that have any."""
        return self._corrections.tags

    def decisions(self) -> list[Decision]:
        """What people have decided about pictures that are here; those of others may come back."""
        decided = self._corrections.decisions.values()
        return [one for one in decided if one.file in self._contents.item_of]

    def problems(self) -> dict[str, frozenset[str]]:
        """The problems of the files that have any, without those of labels that were decided about."""
        return undecided(self._problems, self._corrections.decisions)

    @property
    def _pictures(self) -> Folder:
        return self._folder, self._contents.items, self._contents.embeddings

    @cached_property
    def cameras(self) -> np.ndarray:
        """str [n]: the camera of each picture; empty if its file does not say."""
        return np.char.decode(self.properties()["camera"], "utf-8", "ignore")

    @cached_property
    def _problems(self) -> dict[str, frozenset[str]]:
        return problems_by_file(self.judged(), self.poor())
