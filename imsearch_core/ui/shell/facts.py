"""What is known about the pictures of a collection; a page waits with a bar while it is found out."""

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.labels.quality import PoorPicture
from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.ui.shell.shared_work import wait_for


def judged_labels(photos: Collection) -> tuple[JudgedLabel, ...]:
    """Every given label judged, worst first."""
    starting = "Comparing every picture with every other"
    return wait_for(photos.facts.judged, "Judging labels, once:", starting)


def poor_pictures(photos: Collection) -> tuple[PoorPicture, ...]:
    """The pictures of poor quality: by issue, the worst first."""
    return wait_for(photos.facts.poor, "Measuring pictures, once:", "Opening pictures")


def properties(photos: Collection) -> np.ndarray:
    """PROPERTIES [n]: size, date and camera of each picture."""
    return wait_for(photos.facts.properties, "Reading dates and cameras, once:", "Opening pictures")
