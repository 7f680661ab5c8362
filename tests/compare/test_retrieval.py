"""Precision and recall at k and mean average precision, from arrays."""

from dataclasses import astuple

import numpy as np
import pytest

from imsearch_core import UsageError
from imsearch_core.compare import retrieval
from imsearch_core.compare.retrieval import retrieve

LINE = np.array([[np.cos(a), np.sin(a)] for a in (0, 0.1, 0.3, 0.6, 1.0)], np.float32)


def made_up() -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """60 directions with any number of 5 classes in each, and a class that only one has."""
    rng = np.random.default_rng(17)
    unit = rng.normal(size=(60, 8)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    labels = [tuple("abcde"[i] for i in np.flatnonzero(row)) for row in rng.random((60, 5)) < 0.25]
    labels[7] = ("alone",)
    return unit, labels


def test_the_figures_are_those_of_ranx():
    # Made with ranx 0.3.21, evaluate(Qrels, Run, ["precision@9", "recall@9", "map"]). Each labelled row is a
    # query. Its run are the inner products to the other labelled rows, its qrels those that share a class;
    # for the query without any, one document that the run does not have. Per class: only its queries.
    found = retrieve(*made_up(), 9)
    assert found.mean.queries == 43
    figures = {"all": found.mean, "a": found.per_class["a"], "e": found.per_class["e"]}
    expected = {
        "all": (0.42635658914728686, 0.19868188789036578, 0.4842398823202903),
        "a": (0.5, 0.22057433458789233, 0.5320872080514264),
        "e": (0.5726495726495725, 0.2108865208239867, 0.6266352726869956),
    }
    for name, values in expected.items():
        assert astuple(figures[name])[:3] == pytest.approx(values, abs=1e-6)
    assert astuple(retrieve(*made_up(), 3).mean)[:2] == pytest.approx(
        (0.37984496124031014, 0.05684665381721595), abs=1e-6
    )


def test_the_figures_of_one_query_are_those_worked_out_by_hand():
    found = retrieve(LINE, [("x",), ("y",), ("x",), ("x", "y"), ("z",)], 2)
    assert found.nearest[0].tolist() == [1, 2]
    assert found.precision[0] == 1 / 2
    assert found.recall[0] == 1 / 2
    assert found.average_precision[0] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert found.precision[4] == found.recall[4] == found.average_precision[4] == 0  # no other has its class


def test_pictures_without_labels_take_no_part():
    found = retrieve(LINE, [("x",), (), ("x",), ("y",), ()], 1)
    assert found.queries.tolist() == [0, 2, 3]
    assert found.nearest.tolist() == [[2], [0], [2]]
    assert found.mean.precision == pytest.approx(2 / 3)


def test_with_fewer_others_than_k_the_missing_ones_count_as_not_found():
    found = retrieve(LINE[:3], [("x",)] * 3, 9)
    assert found.nearest.shape == (3, 2)
    assert found.mean.precision == pytest.approx(2 / 9)
    assert found.mean.recall == 1


def test_the_interval_holds_the_mean_and_is_the_same_every_time():
    found, again = retrieve(*made_up(), 9), retrieve(*made_up(), 9)
    for (low, high), mean in zip(astuple(found.interval)[:3], astuple(found.mean)[:3], strict=True):
        assert 0 <= low < mean < high <= 1
    assert found.interval == again.interval
    certain = retrieve(LINE, [("x",)] * 5, 2)
    assert certain.interval.precision == (1, 1)


def test_the_worst_queries_come_first():
    found = retrieve(*made_up(), 9)
    order = found.worst_first()
    assert found.queries[order[0]] == 7
    assert (np.diff(found.precision[order]) >= 0).all()
    assert sorted(order) == list(range(43))


def test_of_many_pictures_a_fixed_sample_queries_all_the_others(monkeypatch):
    unit, labels = made_up()
    everything = retrieve(unit, labels, 9)
    monkeypatch.setattr(retrieval, "MOST_QUERIES", 20)
    sampled = retrieve(unit, labels, 9)
    assert sampled.mean.queries == 20
    place = np.searchsorted(everything.queries, sampled.queries)
    np.testing.assert_array_equal(sampled.nearest, everything.nearest[place])
    np.testing.assert_array_equal(sampled.average_precision, everything.average_precision[place])


def test_small_blocks_give_the_same_figures(monkeypatch):
    at_once = retrieve(*made_up(), 9)
    steps = []
    monkeypatch.setattr(retrieval, "_BLOCK_BYTES", 4 * 43 * 10)
    in_blocks = retrieve(*made_up(), 9, lambda done, total: steps.append((done, total)))
    assert astuple(in_blocks.mean) == pytest.approx(astuple(at_once.mean))
    assert steps == [(10, 43), (20, 43), (30, 43), (40, 43), (43, 43)]


def test_what_an_engine_finds_comes_first_and_the_rest_in_exact_order():
    labels = [("x",), ("y",), (), ("x",), ("z",)]

    def find(picture: int, count: int) -> np.ndarray:
        return np.array([picture, 2, 4, 1, 3])[:count] if picture == 0 else np.arange(count)

    found = retrieve(LINE, labels, 2, find=find)
    assert found.nearest[0].tolist() == [4, 1]
    assert found.precision[0] == 0
    assert found.average_precision[0] == 1 / 3
    assert retrieve(LINE, labels, 2).nearest[0].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("labels", "k", "message"),
    [([("x",), (), ()], 9, "at least two"), ([("x",)] * 3, 0, "k is 0")],
)
def test_what_cannot_be_judged_is_refused(labels, k, message):
    with pytest.raises(UsageError, match=message):
        retrieve(LINE[:3], labels, k)
