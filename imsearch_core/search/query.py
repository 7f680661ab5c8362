"""What one searches with: a picture, a region of it, or several pictures for and against."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from imsearch_core.errors import UsageError

LIKE_WEIGHT = 0.75
UNLIKE_WEIGHT = 0.5
_SMALLEST_REGION = 0.02


@dataclass(frozen=True)
class Region:
    """A rectangle of a picture, in fractions of its width and height from the top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        inside = 0 <= self.x0 < self.x1 <= 1 and 0 <= self.y0 < self.y1 <= 1
        if not inside or min(self.x1 - self.x0, self.y1 - self.y0) < _SMALLEST_REGION:
            raise UsageError(
                f"the region {self} is none: x0,y0,x1,y1 are fractions of the picture's width and height "
                f"from 0 to 1, with x0 < x1 and y0 < y1 at least {_SMALLEST_REGION} apart"
            )

    def __str__(self) -> str:
        return ",".join(f"{value:g}" for value in (self.x0, self.y0, self.x1, self.y1))

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Read "x0,y0,x1,y1". Raises UsageError if it is not a region."""
        try:
            x0, y0, x1, y1 = (round(float(part), 4) for part in text.split(","))
        except ValueError:
            raise UsageError(f"{text!r} is no region: give x0,y0,x1,y1, such as 0.1,0,0.6,0.9") from None
        return cls(x0, y0, x1, y1)

    def crop(self, image: Image.Image) -> Image.Image:
        """The part of `image` within the region; never empty."""
        width, height = image.size
        left, top = int(self.x0 * width), int(self.y0 * height)
        return image.crop(
            (left, top, max(left + 1, round(self.x1 * width)), max(top + 1, round(self.y1 * height)))
        )


@dataclass(frozen=True)
class Query:
    """What to search with."""

    file: str
    """Relative to the collection's folder, or where else the picture came from."""
    label: str | None
    embedding: np.ndarray
    """float32 [d]."""
    item: int | None = None
    """Its place among the collection's items; None for a picture from elsewhere."""
    region: Region | None = None
    """The part of the picture that was embedded; None for the whole."""
    others: frozenset[int] = frozenset()
    """Items that took part in the query beside its own; like it they are no results."""

    @property
    def excluded(self) -> frozenset[int]:
        """Items that are not among the results."""
        return self.others if self.item is None else self.others | {self.item}

    def elsewhere(self) -> "Query":
        """The same picture as a query to another collection of the same encoder."""
        return replace(self, item=None, others=frozenset())


def combine(query: Query, like: Sequence[Query], unlike: Sequence[Query]) -> Query:
    """Move a query towards some pictures and away from others.

    Rocchio's relevance feedback (J. Rocchio 1971, in "The SMART Retrieval System"):
    q + LIKE_WEIGHT·mean(like) - UNLIKE_WEIGHT·mean(unlike), on embeddings of length 1.
    """
    if not like and not unlike:
        return query
    embedding = _unit(query.embedding)
    if like:
        embedding = embedding + LIKE_WEIGHT * np.mean([_unit(other.embedding) for other in like], axis=0)
    if unlike:
        embedding = embedding - UNLIKE_WEIGHT * np.mean([_unit(other.embedding) for other in unlike], axis=0)
    others = {other.item for other in (*like, *unlike) if other.item is not None}
    return replace(query, embedding=embedding.astype(np.float32), others=query.others | others)


def _unit(vector: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vector)
    return vector / length if length > 0 else vector
