"""Two ways to search, compared on every picture."""

import pytest

from imsearch_core import UsageError
from imsearch_core.compare import retrieval
from imsearch_core.compare.evaluate import evaluate
from imsearch_core.compare.sides import Side, disagreements, neighbours
from tests.colour_encoder import open_colours


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


@pytest.mark.parametrize(("method", "engine"), [("plain", "exact"), ("plain", "annoy"), ("refined", "exact")])
def test_neighbours_are_those_that_a_search_finds(photos, method, engine):
    files = ["red/1.jpg", "blue/0.jpg"]
    expected = [
        [result.file for result in photos.search(file, 4, method=method, engine=engine)] for file in files
    ]
    assert neighbours(Side(photos, method, engine), files, 4) == expected


def test_the_largest_disagreement_comes_first_and_counts_what_both_have(photos):
    order = disagreements(Side(photos, "plain"), Side(photos, "refined"), 3)
    assert sorted(one.file for one in order) == [item.file for item in photos.items]
    for one in order:
        plain, refined = (photos.search(one.file, 3, method=method) for method in ("plain", "refined"))
        both = {result.file for result in plain} & {result.file for result in refined}
        assert (one.shared, one.k) == (len(both), 3)
    assert [one.shared for one in order] == sorted(one.shared for one in order)
    assert order[0].shared < 3


def test_collections_of_other_pictures_are_compared_on_those_that_both_have(photos, pictures):
    (pictures / "blue" / "0.jpg").unlink()
    order = disagreements(Side(photos, "plain"), Side(open_colours(pictures), "plain"), 9)
    assert len(order) == 11
    assert {one.shared for one in order} == {8, 9}  # 9 where the missing picture was none of the nearest


def test_of_many_pictures_a_fixed_sample_is_compared(photos, monkeypatch):
    monkeypatch.setattr(retrieval, "MOST_QUERIES", 5)
    plain = Side(photos, "plain")
    assert len(disagreements(plain, plain)) == 5
    assert disagreements(plain, plain) == disagreements(plain, plain)


def test_progress_runs_over_both_sides(photos):
    steps = []
    disagreements(
        Side(photos, "plain"), Side(photos, "refined"), 3, lambda done, total: steps.append((done, total))
    )
    assert steps == [(12, 24), (24, 24)]


def test_another_method_is_refused(photos):
    with pytest.raises(UsageError, match="choose from plain, refined"):
        neighbours(Side(photos, "focus"), ["red/1.jpg"], 3)
    with pytest.raises(UsageError, match="choose from plain, refined"):
        evaluate(photos, "focus")


def test_the_figures_are_those_of_the_engine(photos):
    exact, annoy = evaluate(photos, k=3), evaluate(photos, k=3, engine="annoy")
    assert annoy.mean == exact.mean  # the collection is so small that annoy finds the same
    assert evaluate(photos, "refined", 3, engine="annoy").mean == evaluate(photos, "refined", 3).mean
    with pytest.raises(UsageError, match="no engine is called"):
        evaluate(photos, engine="unheard-of")
