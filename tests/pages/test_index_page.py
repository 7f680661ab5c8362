"""The Index page, run by Streamlit's own test harness."""

import pytest

from tests.pages.test_pages import open_page, texts


def test_engines_are_measured_and_the_chosen_one_is_used_for_search(indexed):
    at = open_page("pages/index.py", folder=str(indexed), tried="annoy")
    assert [metric.label for metric in at.metric] == ["Recall at 10", "Median", "Build", "Size"]
    assert at.metric[0].value == "100.0%"
    assert "exact · precision int8" in at.dataframe[0].value["engine"].tolist()
    assert "Search uses exact" in texts(at)
    at.select_slider(key="annoy_trees").set_value(100).run()
    at.button(key="use").click().run()
    assert not at.exception
    assert at.query_params["engine"] == "annoy:trees=100"
    assert "Search uses annoy · trees 100" in at.success[0].value
    at.switch_page("app.py").run()
    assert not at.exception
    assert at.session_state["chosen_engine"] == "annoy:trees=100"
    assert "9 nearest, plain" in texts(at)


def test_a_link_names_the_engine_with_its_parameters(indexed):
    at = open_page(folder=str(indexed), engine="annoy:search_nodes=300,trees=20")
    assert "9 nearest, plain" in texts(at)
    assert at.session_state["chosen_engine"] == "annoy:search_nodes=300,trees=20"


@pytest.mark.parametrize("engine", ["faiss", "annoy:trees=0", "annoy:trees=<b>", "exact:precision=x"])
def test_an_engine_that_cannot_be_gives_way_to_the_default_and_says_why(indexed, engine):
    at = open_page(folder=str(indexed), engine=engine)
    assert at.warning
    assert at.query_params["engine"] == "exact"
    assert "9 nearest, plain" in texts(at)


def test_a_large_collection_is_measured_only_when_asked(indexed, monkeypatch):
    monkeypatch.setattr("imsearch_core.compare.engines.UNASKED", 5)
    at = open_page("pages/index.py", folder=str(indexed))
    assert not at.metric
    at.toggle(key="measure").set_value(True).run()
    assert not at.exception
    assert at.metric
