"""Judging labels: mistakes first, every picture explained, the same answer from disk."""

import numpy as np
import pytest
from PIL import Image

from imsearch_core.labels.ranking import Kind
from tests.colour_encoder import open_colours


@pytest.fixture
def photos(tmp_path):
    """Reds, greens and blues, twelve of each; one blue is filed under red, one has no label."""
    rng = np.random.default_rng(0)
    for c, label in enumerate(("red", "green", "blue")):
        for i in range(12):
            patches = rng.choice([0, 255], (4, 4, 3), p=[0.7, 0.3]).astype(np.uint8)
            patches[..., c] = rng.choice([0, 255], (4, 4), p=[0.2, 0.8])
            folder = "red" if (label, i) == ("blue", 5) else label
            path = tmp_path / "colours" / folder / f"{label}-{i}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(patches).resize((36, 36)).save(path)
    Image.new("RGB", (36, 36), (200, 30, 30)).save(tmp_path / "colours" / "loose.png")
    return open_colours(tmp_path / "colours")


def test_a_mistake_comes_first_with_the_right_suggestion(photos):
    worst, *others = photos.suspect_labels()
    assert (worst.file, worst.label, worst.suggested) == ("red/blue-5.png", "red", "blue")
    assert worst.kind is Kind.WRONG
    assert {neighbour.label for neighbour in worst.neighbours[:5]} == {"blue"}
    assert len(others) == len(photos) - 1
    qualities = [one.quality for one in (worst, *others) if one.quality is not None]
    assert qualities == sorted(qualities)
