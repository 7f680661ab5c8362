"""What a wall answers to the browser."""

import json

import numpy as np
import pytest
from PIL import Image

from imsearch_core.ui.components.wall.tiles import BLOCK, Tiles
from tests.colour_encoder import open_colours
from tests.conftest import draw


@pytest.fixture
def tiles(pictures):
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    draw(7, (64, 48)).save(pictures / "blue" / "0.jpg", exif=turned)
    made = Tiles(open_colours(pictures))
    made.arrange(np.arange(12), lambda files: [(files[0], 0)], {"blue/1.jpg": "low"})
    return made


def cells(tiles: Tiles, first: int = 0) -> list[dict]:
    return json.loads(tiles.answer(f"cells/{tiles.turn}/{first}").content)


def test_cells_come_from_a_place_on_with_the_shape_that_the_upright_picture_has(tiles):
    assert [cell["file"] for cell in cells(tiles, 10)] == ["red/2.jpg", "red/3.jpg"]
    first, second = cells(tiles)[:2]
    assert (first["ratio"], first["label"], second["fit"]) == (0.75, "blue", "low")
    assert first["image"] == f"{tiles.address}/small/0"
    assert cells(tiles, 500) == []


def test_a_block_is_never_larger(tmp_path):
    for i in range(BLOCK + 3):
        draw(i, (8, 8)).save(tmp_path / f"{i:02}.png")
    tiles = Tiles(open_colours(tmp_path))
    tiles.arrange(np.arange(BLOCK + 3), lambda files: [], {})
    assert (len(cells(tiles)), len(cells(tiles, BLOCK))) == (BLOCK, 3)


def test_a_picture_that_is_gone_has_no_address_and_no_thumbnail(tiles):
    (tiles.photos.folder / "blue" / "2.jpg").unlink()
    assert cells(tiles)[2]["image"] == ""
    assert tiles.answer("small/2") is None
    assert tiles.answer("small/3").content[8:12] == b"WEBP"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "cells",
        "cells/1",
        "cells/2/0",
        "cells/1/-1",
        "small/12",
        "small/red/1.jpg",
        "small/../1",
        "small/1/1",
    ],
)
def test_nothing_else_is_answered(tiles, asked):
    assert tiles.turn == 1
    assert tiles.answer(asked) is None


def test_another_order_has_another_turn_and_the_old_one_is_answered_no_more(tiles):
    before = tiles.turn
    tiles.arrange(np.arange(12), lambda files: [], {})
    assert tiles.turn == before
    assert tiles.sections == [("blue/0.jpg", 0)]
    tiles.arrange(np.array([11, 3]), lambda files: [], {})
    assert tiles.answer(f"cells/{before}/0") is None
    assert [cell["file"] for cell in cells(tiles)] == ["red/3.jpg", "blue/3.jpg"]


def test_selected_files_are_ranges_of_places_in_the_order(tiles):
    tiles.arrange(np.array([5, 4, 3, 0]), lambda files: [], {})
    files = [tiles.photos.items[i].file for i in (0, 4, 5, 9)]
    assert tiles.places(files) == [(0, 1), (3, 3)]
    assert tiles.files([(0, 1), (3, 3)]) == [tiles.photos.items[i].file for i in (5, 4, 0)]
    assert tiles.elsewhere(files) == [files[3]]
    assert tiles.places([]) == []
