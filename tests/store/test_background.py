"""Many pictures are embedded by another process, few by this one."""

import pytest

from imsearch_core import Collection
from imsearch_core.store import sync as syncing
from tests.conftest import draw
from tests.encoders.hub_models import HUB_MODELS

ENCODER = f"path:{HUB_MODELS / 'clip'}"  # tiny, and not TensorFlow, which takes seconds to start


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """A folder of forty pictures, which counts as many."""
    monkeypatch.setattr(syncing, "MANY", 40)
    for i in range(40):
        draw(i, (24, 20)).save(tmp_path / f"{i:02}.png")
    return tmp_path


def test_many_pictures_are_embedded_by_another_process_without_a_word_and_a_few_by_this_one(photos, capfd):
    steps = []
    opened = Collection.open(photos, ENCODER, progress=lambda *step: steps.append(step), give_way=True)
    assert (steps[0], steps[-1]) == ((0, 40), (40, 40))
    assert (opened.report.embedded, opened.report.reused) == (0, 40)  # by this process
    assert capfd.readouterr().err == ""
    draw(40, (24, 20)).save(photos / "40.png")
    opened = Collection.open(photos, ENCODER, give_way=True)
    assert (opened.report.embedded, opened.report.reused) == (1, 40)
