"""Much embedding is done by a process of its own: with progress, and stopped with whoever asked for it."""

import subprocess

import pytest

from imsearch_core import Collection, UsageError
from imsearch_core.store import background as opening
from imsearch_core.store.background import open_giving_way
from tests.conftest import draw

ENCODER = "efficientnet-lite0"


class LeftError(Exception):
    """As Streamlit ends a script whose page is closed."""


def leave(done: int, total: int) -> None:
    raise LeftError(total - done)


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """A folder of forty pictures, which counts as many."""
    monkeypatch.setattr(opening, "MANY", 40)
    for i in range(40):
        draw(i, (24, 20)).save(tmp_path / f"{i:02}.png")
    return tmp_path


def test_many_pictures_are_embedded_by_another_process_and_a_few_by_this_one(photos, monkeypatch):
    steps = []
    opened = open_giving_way(photos, ENCODER, lambda *step: steps.append(step), [photos])
    assert (steps[0], steps[-1]) == ((0, 40), (40, 40))
    assert (opened.report.embedded, opened.report.reused) == (0, 40)  # when it came back to us
    monkeypatch.setattr(subprocess, "Popen", None)
    assert len(open_giving_way(photos, ENCODER, leave, [photos])) == 40


def test_whoever_leaves_stops_it(photos):
    with pytest.raises(LeftError):
        open_giving_way(photos, ENCODER, leave, [photos])
    with pytest.raises(LeftError, match="40"):  # nothing is embedded, and nobody holds the store
        Collection.open(photos, progress=leave)


def test_what_cannot_be_opened_is_said_as_ever(photos):
    with pytest.raises(UsageError):
        open_giving_way(photos / "nowhere", ENCODER, lambda *step: None, [photos])
