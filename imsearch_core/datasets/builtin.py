"""The two datasets that the explorer offers by name: drawn here, or fetched on request."""

from dataclasses import dataclass
from pathlib import Path

from imsearch_core.datasets.folder import LABELS_FILE
from imsearch_core.datasets.illustrated import OPENING_QUERY
from imsearch_core.files import home


@dataclass(frozen=True)
class Builtin:
    """A dataset with a name of its own, kept under the folder of what we make."""

    name: str
    title: str
    opening_query: str
    """The picture that shows best what searching does: a cat filed under bottle."""

    @property
    def folder(self) -> Path:
        return home() / "datasets" / self.name

    @property
    def is_there(self) -> bool:
        """Whether it has been drawn or fetched, if only in part."""
        return (self.folder / LABELS_FILE).is_file() and any(self.folder.glob("*/*.jpg"))


ILLUSTRATED = Builtin("illustrated", "Illustrated", OPENING_QUERY)
PASCAL = Builtin("pascal", "Pascal photos", "bottle/2008_000112.jpg")
BUILTIN = {dataset.name: dataset for dataset in (ILLUSTRATED, PASCAL)}
