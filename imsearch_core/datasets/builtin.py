"""The two datasets that the explorer offers by name: one ships with it, the other is fetched on request."""

from dataclasses import dataclass
from pathlib import Path

from imsearch_core.datasets.tables import LABELS_FILE
from imsearch_core.files import SHIPPED, data_dir


@dataclass(frozen=True)
class Builtin:
    """A dataset with a name of its own."""

    name: str
    title: str
    opening_query: str
    """The picture that shows best what searching does: a cat filed under bottle."""
    ships: bool
    """Whether it comes with the installation; else it is fetched into the folder of what we make."""

    @property
    def folder(self) -> Path:
        return SHIPPED / self.name if self.ships else data_dir() / "datasets" / self.name

    @property
    def is_there(self) -> bool:
        """Whether its pictures are on disk, if only some of them."""
        return (self.folder / LABELS_FILE).is_file() and any(self.folder.glob("*/*.jpg"))


ILLUSTRATED = Builtin("illustrated", "Illustrated", "bottle/0029.jpg", ships=True)
PASCAL = Builtin("pascal", "Pascal photos", "bottle/2008_000112.jpg", ships=False)
PASCAL_PHOTOS = 1000
PASCAL_CREDITS = (
    "Selection and captions: C. Rashtchian, P. Young, M. Hodosh and J. Hockenmaier, “Collecting Image "
    "Annotations Using Amazon’s Mechanical Turk”, 2010. Photos: PASCAL VOC 2008, from Flickr; their use is "
    "subject to Flickr’s terms, and they are for research, not for redistribution."
)
BUILTIN = {dataset.name: dataset for dataset in (ILLUSTRATED, PASCAL)}
