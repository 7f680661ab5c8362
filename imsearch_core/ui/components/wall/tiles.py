"""The pictures of a wall, for the browser to ask for when they come into view."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from imsearch_core.collection import Collection
from imsearch_core.datasets import Item
from imsearch_core.pictures.decode import jpeg_size
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.server import Answer, address_of
from imsearch_core.ui.components.gallery import PREVIEW_SIDE, THUMBNAIL_SIDE, as_sent, cell_of

BLOCK = 60
"""Pictures that are asked for at a time."""
SectionsOf = Callable[[Sequence[str]], list[tuple[str, int]]]
"""Names places among files in their order: the first of each section."""
_SIDES = {"small": THUMBNAIL_SIDE, "large": PREVIEW_SIDE}


class Tiles:
    """Pictures of one collection in an order, for one session. They answer as long as the session holds them.

    Nothing but the order is kept: 4 bytes for each picture.
    """

    def __init__(self, photos: Collection) -> None:
        self.photos = photos
        self.address = address_of(self)
        self.turn = 0
        """Changes with the order."""
        self.order = np.empty(0, np.int32)
        """int32 [n]: places in `photos.items`."""
        self.sections: list[tuple[str, int]] = []
        self._fit: Mapping[str, str] = {}

    def arrange(self, order: np.ndarray, sections_of: SectionsOf, fit_of: Mapping[str, str]) -> None:
        """Show the items of `order`, and how well the labels of the files in `fit_of` fit."""
        self._fit = fit_of
        if not self.turn or not np.array_equal(order, self.order):
            self.order, self.turn = order.astype(np.int32), self.turn + 1
            self.sections = sections_of(self.files([(0, len(order) - 1)]))

    def files(self, places: Iterable[Sequence[int]]) -> list[str]:
        """The files at places of the order, given as [first, last] of each range."""
        items = self.photos.items
        return [items[i].file for first, last in places for i in self.order[first : last + 1]]

    def places(self, files: Sequence[str]) -> list[tuple[int, int]]:
        """Where those of `files` that are in the order are, as (first, last) of each range."""
        chosen = np.zeros(len(self.photos), bool)
        chosen[self._items_of(files)] = True
        places = np.flatnonzero(chosen[self.order])
        runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
        return [(int(run[0]), int(run[-1])) for run in runs]

    def elsewhere(self, files: Sequence[str]) -> list[str]:
        """Those of `files` that are not in the order."""
        there = np.zeros(len(self.photos), bool)
        there[self.order] = True
        return [file for file, shown in zip(files, there[self._items_of(files)], strict=True) if not shown]

    def _items_of(self, files: Sequence[str]) -> np.ndarray:
        item_of = self.photos.contents.item_of
        return np.array([item_of[file] for file in files], np.int64)

    def answer(self, asked: str) -> Answer | None:
        """Cells from a place on ("cells/TURN/PLACE"), or an item’s thumbnail ("small/ITEM", "large/ITEM")."""
        kind, _, rest = asked.partition("/")
        numbers = rest.split("/")
        if not all(number.isdecimal() and len(number) < 10 for number in numbers):
            return None
        if kind == "cells" and len(numbers) == 2:
            return self._cells(*map(int, numbers))
        if kind in _SIDES and len(numbers) == 1 and int(numbers[0]) < len(self.photos):
            return self._thumbnail(self.photos.items[int(numbers[0])], _SIDES[kind])
        return None

    def _cells(self, turn: int, first: int) -> Answer | None:
        order = self.order
        if turn != self.turn:
            return None
        cells = [self._cell(int(i)) for i in order[first : first + BLOCK]]
        return Answer(json.dumps(cells).encode(), "application/json", lasts=False)

    def _cell(self, place: int) -> dict[str, object]:
        item = self.photos.items[place]
        ratio = self._ratio(item)
        image = f"{self.address}/small/{place}" if ratio else ""
        cell = cell_of(self.photos, item, image, ratio or 1.0)
        cell = replace(cell, fit=self._fit.get(item.file, ""))
        return as_sent(cell) | {"large": f"{self.address}/large/{place}"}

    def _ratio(self, item: Item) -> float | None:
        """Width by height; None if the file has become unreadable."""
        if size := jpeg_size(self.photos.folder / item.file):
            return size[0] / size[1]
        small = thumbnail_of(self.photos.folder, item.file, item.version, THUMBNAIL_SIDE)
        return small.ratio if small.content else None

    def _thumbnail(self, item: Item, side: int) -> Answer | None:
        content = thumbnail_of(self.photos.folder, item.file, item.version, side).content
        return Answer(content, "image/webp", lasts=True) if content else None
