"""The Compare page, run by Streamlit's own test harness; what it measures is tested in tests/compare."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from imsearch_core import Collection
from imsearch_core.compare.approaches import ApproachFigures
from tests.conftest import draw
from tests.pages.test_pages import open_page, texts, told

MEASURED = [
    ApproachFigures(name, n, 2.0 * n, 0.0 if name == "pairs" else 0.5 * n, seconds * n, passes, 0.5)
    for n in (6, 12)
    for name, seconds, passes in (("classifier", 1e-3, 1), ("pairs", 0.5, n), ("embeddings", 1e-5, 0))
]


def open_compare(folder, **url: str) -> AppTest:
    return open_page("pages/compare.py", folder=str(folder), **url)


def metrics(at: AppTest) -> dict[str, list[str]]:
    """The values of each metric, left before right."""
    found: dict[str, list[str]] = {}
    for metric in at.metric:
        found.setdefault(metric.label, []).append(metric.value)
    return found


def test_plain_and_refined_are_judged_by_the_labels_with_intervals_and_per_class(indexed):
    at = open_compare(indexed)
    precision = metrics(at)["Precision at 9"]
    assert len(precision) == 2
    assert all(0 < float(value) < 1 for value in precision)
    assert "12 queries. 95% intervals: precision " in texts(at)
    table = at.dataframe[0].value
    assert sorted(table["class"]) == ["blue", "green", "red"]
    assert table["left"].is_monotonic_increasing
    assert table["difference"].tolist() == pytest.approx(
        (table["right"] - table["left"]).tolist(), abs=0.0005
    )


def test_the_same_way_on_both_sides_agrees_everywhere(indexed):
    at = open_compare(indexed, right_method="Plain")
    assert [metric.delta for metric in at.metric[:6]] == ["", "", "", "+0.000", "+0.000", "+0.000"]
    assert "1 of 12 by disagreement" in texts(at)


def test_disagreements_are_walked_through_one_by_one(indexed):
    at = open_compare(indexed)
    assert button(at, "Previous").disabled
    first = next(text for text in texts(at).splitlines() if text.startswith("Query:"))
    button(at, "Next disagreement").click().run()
    assert not at.exception
    assert "2 of 12 by disagreement" in texts(at)
    assert first not in texts(at)
    assert not button(at, "Previous").disabled


def button(at: AppTest, label: str):
    return next(one for one in at.button if one.label == label)


def test_an_engine_answers_on_its_side(indexed):
    at = open_compare(indexed, left_engine="annoy", right_method="Plain")
    assert "plain · annoy" in texts(at)
    assert len(metrics(at)["Precision at 9"]) == 2


def test_pictures_without_labels_are_compared_but_not_judged(tmp_path):
    flat = tmp_path / "flat"
    flat.mkdir()
    for number in range(4):
        draw(number).save(flat / f"{number}.jpg")
    Collection.open(flat)
    at = open_compare(flat)
    assert "at least two pictures need one" in at.info[0].value
    assert "Precision at 9" not in metrics(at)
    assert "1 of 4 by disagreement" in texts(at)


def test_the_page_goes_on_while_the_second_encoder_is_embedding(indexed, monkeypatch):
    monkeypatch.setattr("imsearch_core.ui.compare.sides.collection_in_background", lambda *_: None)
    at = open_compare(indexed, right_encoder="efficientnet-lite2")
    assert len(metrics(at)["Precision at 9"]) == 1
    assert "by disagreement" not in texts(at)
    assert any("one search" in label for label in metrics(at))


def test_engines_are_measured_once_their_section_is_open_and_the_chosen_one_is_used_for_search(indexed):
    at = open_compare(indexed)
    assert "Recall at 10" not in metrics(at)
    at = open_compare(indexed, tried="annoy")
    assert metrics(at)["Recall at 10"] == ["100.0%"]
    assert "exact · precision int8" in at.dataframe[-1].value["engine"].tolist()
    assert "Search uses exact" in texts(at)
    chart = json.loads(at.get("vega_lite_chart")[-1].proto.spec)
    fastest, slowest = chart["encoding"]["x"]["scale"]["domain"]  # or Vega complains in the console
    assert 0 < fastest <= slowest
    at.select_slider(key="annoy_trees").set_value(100).run()
    at.button(key="use").click().run()
    assert not at.exception
    assert at.query_params["engine"] == "annoy:trees=100"
    assert "Search uses annoy · trees 100" in at.success[0].value
    at.switch_page("app.py").run()
    assert not at.exception
    assert at.session_state["chosen_engine"] == "annoy:trees=100"
    assert told(at) == "9 most similar"


def test_a_link_names_the_engine_with_its_parameters(indexed):
    at = open_page(folder=str(indexed), engine="annoy:search_nodes=300,trees=20")
    assert told(at) == "9 most similar"
    assert at.session_state["chosen_engine"] == "annoy:search_nodes=300,trees=20"


@pytest.mark.parametrize("engine", ["faiss", "annoy:trees=0", "annoy:trees=<b>", "exact:precision=x"])
def test_an_engine_that_cannot_be_gives_way_to_the_default_and_says_why(indexed, engine):
    at = open_page(folder=str(indexed), engine=engine)
    assert at.toast
    assert at.query_params["engine"] == "exact"
    assert told(at) == "9 most similar"


def test_engines_over_a_large_collection_are_measured_only_when_asked(indexed, monkeypatch):
    monkeypatch.setattr("imsearch_core.compare.engines.UNASKED", 5)
    at = open_compare(indexed, engines="true")
    assert "Recall at 10" not in metrics(at)
    at.toggle(key="measure").set_value(True).run()
    assert not at.exception
    assert "Recall at 10" in metrics(at)


def test_values_in_a_link_that_are_not_offered_give_way_to_the_defaults(indexed):
    url = {
        "right_encoder": "<b>",
        "right_method": "focus",
        "left_engine": "faiss",
        "worst": "Up",
        "q": "no.jpg",
    }
    at = open_compare(indexed, **url)
    assert len(metrics(at)["Precision at 9"]) == 2
    assert "1 of 12 by disagreement" in texts(at)
    assert at.dataframe[0].value["class"].tolist()


@pytest.mark.parametrize("former", ["pages/index.py", "pages/why.py"])
def test_former_addresses_still_lead_here(indexed, former):
    at = open_page(former, folder=str(indexed))
    assert at.title[0].value == "Compare"


def test_the_three_approaches_open_with_figures_that_come_with_the_project(indexed):
    at = open_compare(indexed)
    searches = {label: values for label, values in metrics(at).items() if label.endswith("one search")}
    assert len(searches) == 3
    assert "Measured beforehand on the illustrated set" in texts(at)
    assert "**1,000 times**" in texts(at)


def test_measuring_here_renews_the_approaches_and_each_chart_has_its_sentence(indexed, monkeypatch):
    monkeypatch.setattr(
        "imsearch_core.ui.compare.approaches.bench_approaches", lambda photos, progress: iter(MEASURED)
    )
    at = open_compare(indexed)
    at.button(key="measure_approaches").click().run()
    assert not at.exception
    assert "**12 times** and 6.0 s here, 50,000 times as long" in texts(at)
    assert "**6.0 s** here, growing with the collection" in texts(at)
    assert list(at.dataframe[1].value["one more picture"]) == ["6.0 s", "nothing to do", "6.0 s"]
    assert "Measured on the open collection" in texts(at.run())


def test_too_few_pictures_for_the_approaches_are_an_error_on_the_page(indexed):
    at = open_compare(indexed)
    at.button(key="measure_approaches").click().run()
    assert not at.exception
    assert "At least 20 pictures" in at.error[0].value
