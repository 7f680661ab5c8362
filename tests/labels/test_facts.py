"""What is known about a collection's pictures is found out once, whoever asks."""

from types import SimpleNamespace

import pytest

from imsearch_core.errors import UsageError
from imsearch_core.labels import facts
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.search.filters import Filters
from tests.colour_encoder import open_colours
from tests.phrases.colour_words import ColourWordEncoder, open_with


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


@pytest.fixture
def found_out(monkeypatch):
    """The names of what is found out, each time that it is."""
    names = []

    def counted(name, find_out):
        return lambda *arguments, **named: names.append(name) or find_out(*arguments, **named)

    for name in ("judge_labels", "quality_issues", "duplicates_of"):
        monkeypatch.setattr(facts, name, counted(name, getattr(facts, name)))
    kept = facts.PROPERTIES_KEPT
    monkeypatch.setattr(facts, "PROPERTIES_KEPT", SimpleNamespace(of=counted("properties", kept.of)))
    return names


def test_filters_and_callers_share_the_facts(photos, found_out):
    assert photos.suspect_labels() is photos.suspect_labels()
    assert photos.quality_issues() == photos.facts.poor()
    assert photos.duplicates() is photos.duplicates()
    photos.filtering.items(Filters.of(problem="doubtful label", min_size=1))
    photos.filtering.items(Filters.of(problem="tiny", camera="no such"))
    assert sorted(found_out) == sorted({*found_out})
    assert {*found_out} >= {"judge_labels", "quality_issues", "duplicates_of"}


def test_duplicates_with_a_preference_are_looked_for_again(photos, found_out):
    assert photos.duplicates(prefer="red") == photos.duplicates(prefer="red")
    assert found_out == ["duplicates_of"] * 2


def test_an_archive_of_another_encoder_is_refused(photos):
    archive = open_with(ColourWordEncoder(), photos.folder)
    with pytest.raises(UsageError, match="opened with different encoders"):
        photos.duplicates(against=archive)


def test_a_decision_about_a_picture_that_is_gone_waits_for_its_return(photos):
    item = photos.items[0]
    decision = Decision(item.file, item.given_label, "sky", None, Choice.RELABEL)
    photos.corrections.add([decision])
    path, away = photos.folder / item.file, photos.folder.parent / "away.jpg"
    path.rename(away)
    assert open_colours(photos.folder).facts.decisions() == []
    away.rename(path)
    assert open_colours(photos.folder).facts.decisions() == [decision]
