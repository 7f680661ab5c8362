"""The labels to show for each picture: a person's correction if there is one, else the given label."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from imsearch_core.datasets import Item
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.decisions import NO_LABEL


class ShownLabels:
    """The labels of one collection, kept up to date with its corrections. Threads may share it."""

    def __init__(self, items: Sequence[Item], corrections: Corrections, version: str) -> None:
        """`version` is a name that changes with the pictures."""
        self._items, self._corrections, self._version = items, corrections, version
        self.files = [item.file for item in items]
        self._by_file = lru_cache(maxsize=1)(lambda corrections_version: self._corrected())
        self._counts = lru_cache(maxsize=1)(lambda corrections_version: self._counted())
        self._learnable = lru_cache(maxsize=1)(lambda corrections_version: self._named())

    def by_file(self) -> Mapping[str, str | None]:
        """Each file's label to show; None if it has none."""
        return self._by_file(self._corrections.version)

    def none_in_words(self) -> str:
        """What to show for a file without a label; empty if no picture has one."""
        return NO_LABEL if self.counts().keys() - {None} else ""

    def counts(self) -> dict[str | None, int]:
        """How many pictures have each label, by name; those without a label, None, come last."""
        return dict(self._counts(self._corrections.version))

    def learnable(self) -> tuple[str, list[tuple[str, ...]]]:
        """Every class known to be in each picture; for a corrected one, the correction alone.

        Returns a name that changes with the pictures or these labels, then the labels.
        """
        return self._learnable(self._corrections.version)

    def _counted(self) -> list[tuple[str | None, int]]:
        return sorted(Counter(self.by_file().values()).items(), key=lambda pair: (pair[0] is None, pair[0]))

    def _corrected(self) -> dict[str, str | None]:
        decisions = self._corrections.decisions
        return {
            item.file: decisions[item.file].corrected if item.file in decisions else item.given_label
            for item in self._items
        }

    def _named(self) -> tuple[str, list[tuple[str, ...]]]:
        shown = self.by_file()
        labels = [
            item.all_labels
            if shown[item.file] == item.given_label
            else tuple(filter(None, [shown[item.file]]))
            for item in self._items
        ]
        content = repr((self._version, list(zip(self.files, labels, strict=True))))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest(), labels
