"""What one searches with: a picture, a region of it, several pictures for and against, or a text."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from os.path import normpath
from pathlib import Path

import numpy as np
from PIL import Image

from imsearch_core.encoders import Encoder, Preset
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.index import Contents
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.unit import unit

LIKE_WEIGHT = 0.75
UNLIKE_WEIGHT = 0.5
_SMALLEST_REGION = 0.02
_UPLOAD = "upload"

Source = str | Path | bytes | Image.Image | np.ndarray
"""A picture: a file of the collection by name, the path of any file, a file's content, a picture opened
with Pillow, or an array [h, w] or [h, w, channels] (see `imsearch_core.pictures.decode.open_image`)."""


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
                f"{self} is not a valid region: x0,y0,x1,y1 must be fractions of the picture's width and "
                f"height from 0 to 1, with x1 and y1 at least {_SMALLEST_REGION} above x0 and y0"
            )

    def __str__(self) -> str:
        return ",".join(f"{value:g}" for value in (self.x0, self.y0, self.x1, self.y1))

    @classmethod
    def parse(cls, text: str) -> "Region":
        """Read "x0,y0,x1,y1". Raises UsageError if it is not a valid region."""
        try:
            x0, y0, x1, y1 = (round(float(part), 4) for part in text.split(","))
        except ValueError:
            raise UsageError(f"{text!r} is not a region: give x0,y0,x1,y1, such as 0.1,0,0.6,0.9") from None
        return cls(x0, y0, x1, y1)

    def crop(self, image: Image.Image) -> Image.Image:
        """The part of `image` within the region, at least 1 × 1 pixel."""
        width, height = image.size
        left, top = int(self.x0 * width), int(self.y0 * height)
        return image.crop(
            (left, top, max(left + 1, round(self.x1 * width)), max(top + 1, round(self.y1 * height)))
        )


@dataclass(frozen=True)
class Query:
    """A picture to search with, embedded."""

    file: str
    """Relative to the collection's folder; for other pictures, the path given, or "upload"."""
    label: str | None
    """The given label; None for a picture from elsewhere."""
    embedding: np.ndarray
    """float32 [d]."""
    item: int | None = None
    """Its place among the collection's items; None for a picture from elsewhere."""
    region: Region | None = None
    """The part of the picture that was embedded; None for the whole."""
    others: frozenset[int] = frozenset()
    """Other items that took part in the query."""

    @property
    def excluded(self) -> frozenset[int]:
        """Items that took part in the query, and so are left out of the results."""
        return self.others if self.item is None else self.others | {self.item}

    def is_stored_in(self, embeddings: Embeddings) -> bool:
        """Whether it is a whole picture of the collection, moved towards no other and away from none."""
        return self.item is not None and np.array_equal(self.embedding, embeddings[self.item])


class WordStatus(StrEnum):
    """What the search knows about a word."""

    TRAINED = "trained on"
    """It is, or is part of, a label that the collection's head was trained on."""
    UNSEEN = "unseen"
    """The word table knows it; no picture was trained on it."""
    UNKNOWN = "unknown"
    """It is not in the word table, and is ignored."""


@dataclass(frozen=True)
class QueryWord:
    """One word or phrase of a text."""

    word: str
    status: WordStatus
    suggestions: tuple[str, ...] = ()
    """For an unknown word, words of the table with a similar spelling, best first."""


@dataclass(frozen=True)
class TextQuery:
    """A text to search with."""

    text: str
    vector: np.ndarray
    """float32 [d], of length 1: its place among the pictures."""
    understood: str
    """How it was read, in a few words."""
    words: tuple[QueryWord, ...] = ()
    """Read with a word table: its words and phrases, without those that mean nothing by themselves, such as
    "the"."""
    hint: str | None = None
    """How to write what was probably meant; None if the text can be taken as it stands."""
    closest: float = np.inf
    """How close to it an ImageNet class comes among the pictures; infinite if that is not known."""


class QueryMaker:
    """Makes queries to one collection of pictures in any form. Threads may share it.

    A whole picture of the collection has its embedding already; only others need the encoder.
    """

    def __init__(
        self, folder: Path, contents: Contents, preset: Preset, load_encoder: Callable[[], Encoder]
    ) -> None:
        self._folder, self._contents = folder, contents
        self._preset, self._load_encoder = preset, load_encoder

    def query(
        self,
        source: Source | Query,
        region: Region | None = None,
        like: Sequence[Source | Query] = (),
        unlike: Sequence[Source | Query] = (),
    ) -> Query:
        """A query with a picture, or with a `region` of it, moved as `combine` says.

        Raises UsageError if there is no such file or a region is asked of a finished query; ImsearchError if
        the picture is not usable.
        """
        return combine(
            self._one(source, region), [self._one(one) for one in like], [self._one(one) for one in unlike]
        )

    def _one(self, source: Source | Query, region: Region | None = None) -> Query:
        if isinstance(source, Query):
            if region is not None:
                raise UsageError("a finished query has no regions: give the picture together with the region")
            return source
        item = self._item(source)
        if item is None:
            file = str(source) if isinstance(source, str | Path) else _UPLOAD
            return Query(file, None, self._embedding(source, region), region=region)
        found = self._contents.items[item]
        embedding = self._contents.embeddings[item] if region is None else self._embedding(source, region)
        return Query(found.file, found.given_label, embedding, item, region)

    def open(self, source: Source) -> Image.Image:
        """The picture as upright RGB. Raises UsageError or ImsearchError as `query` does."""
        item = self._item(source)
        if item is not None:
            source = self._folder / self._contents.items[item].file
            name = self._contents.items[item].file
        elif isinstance(source, str | Path):
            name, source = str(source), _existing(source, self._folder)
        else:
            name = f"the {_UPLOAD}"
        try:
            return self._preset.open(source)
        except BadImage as error:
            raise ImsearchError(f"{name}: {error}") from error

    def _item(self, source: Source) -> int | None:
        """The item that a name within the folder, or a path to it, refers to."""
        if not isinstance(source, str | Path):
            return None
        item = self._contents.item_of.get(str(source))
        if item is None:
            with contextlib.suppress(OSError, RuntimeError, ValueError):  # the text cannot be a path
                for path in (Path(source).expanduser().resolve(), Path(normpath(self._folder / source))):
                    if item is None and path.is_relative_to(self._folder):
                        item = self._contents.item_of.get(path.relative_to(self._folder).as_posix())
        return item

    def _embedding(self, source: Source, region: Region | None) -> np.ndarray:
        """float32 [d]."""
        image = self.open(source)
        square = self._preset.prepare(region.crop(image) if region else image)
        return self._load_encoder().embed(square[None])[0]


def _existing(source: str | Path, folder: Path) -> Path:
    """The path of a file. Raises UsageError if there is no such file."""
    with contextlib.suppress(OSError, RuntimeError, ValueError):  # too long, no such user, a null character
        path = Path(source).expanduser()
        if path.is_file():
            return path
    raise UsageError(f"{source} is neither a picture in {folder} nor an image file")


def combine(query: Query, like: Sequence[Query], unlike: Sequence[Query]) -> Query:
    """Move a query towards some pictures and away from others.

    Rocchio's relevance feedback (J. Rocchio 1971, in "The SMART Retrieval System"):
    q + LIKE_WEIGHT·mean(like) - UNLIKE_WEIGHT·mean(unlike), on embeddings of length 1.
    """
    if not like and not unlike:
        return query
    embedding = unit(query.embedding)
    if like:
        embedding = embedding + LIKE_WEIGHT * np.mean([unit(other.embedding) for other in like], axis=0)
    if unlike:
        embedding = embedding - UNLIKE_WEIGHT * np.mean([unit(other.embedding) for other in unlike], axis=0)
    others = {other.item for other in (*like, *unlike) if other.item is not None}
    return replace(query, embedding=embedding.astype(np.float32), others=query.others | others)
