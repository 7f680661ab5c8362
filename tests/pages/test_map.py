"""The map page, run by Streamlit's own test harness; what the mouse does is tested in a browser."""

import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from imsearch_core import Collection, opened
from imsearch_core.projection import NeighbourMap, Projection
from imsearch_core.ui.components.map.groups import by_cluster, by_label, by_suggestion
from imsearch_core.ui.map import JUDGED
from imsearch_core.vectors.embeddings import Embeddings
from tests.colour_encoder import FINGERPRINT, ColourEncoder
from tests.conftest import ROOT, draw, draw_folder
from tests.pages.test_selection import select, selected


@pytest.fixture(scope="module")
def explored(tmp_path_factory):
    """A home, and a folder of 3 classes × 4 pictures, for all tests; not to be changed."""
    return tmp_path_factory.mktemp("home"), draw_folder(tmp_path_factory.mktemp("explored") / "pictures")


@pytest.fixture(autouse=True)
def colours_alone(monkeypatch):
    """What a map shows is the same with every encoder: the quickest will do."""
    monkeypatch.setattr(opened, "load_encoder", lambda *_: ColourEncoder())
    monkeypatch.setattr(opened, "fingerprint", lambda *_: FINGERPRINT)


@pytest.fixture
def photos(explored, monkeypatch):
    home, folder = explored
    monkeypatch.setenv("IMSEARCH_HOME", str(home))
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(folder.parent))
    return Collection.open(folder)


def open_map(photos: Collection, page: str = "map", **url: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page(f"pages/{page}.py")
    for name, value in {"folder": str(photos.folder), **url}.items():
        at.query_params[name] = value
    return at


def run(at: AppTest) -> str:
    at.run()
    assert not at.exception
    return "\n".join(element.value for element in (*at.caption, *at.subheader, *at.warning))


def test_pca_is_there_at_once_and_says_what_it_keeps(photos):
    said = run(open_map(photos, layout="PCA"))
    assert f"12 pictures. Of a picture’s 9 nearest neighbours, {photos.pca.kept:.0%} are" in said
    assert "on this PCA map" in said


def test_a_neighbour_map_that_failed_can_be_tried_again(photos, monkeypatch):
    monkeypatch.setattr(NeighbourMap, "read", lambda self: None)
    monkeypatch.setattr(NeighbourMap, "failure", "its process was ended", raising=False)
    monkeypatch.setattr(NeighbourMap, "__setattr__", _all_but_failure)
    at = open_map(photos)
    assert "its process was ended" in run(at).replace("\\", "")
    assert any(button.label == "Try again" for button in at.button)


def _all_but_failure(self, name, value):
    if name != "failure":
        object.__setattr__(self, name, value)


def test_pca_is_shown_until_the_neighbour_map_is_made(photos):
    at = open_map(photos)
    assert "on this PCA map" in run(at)
    assert [button.label for button in at.button if button.label == "Stop"]
    places = [*at.main.children]
    patience = time.monotonic() + 60
    while "on this PCA map" in (said := run(at)) and time.monotonic() < patience:
        time.sleep(0.2)
    made = Collection.open(photos.folder).neighbour_map.read()
    assert len(made.points) == 12
    assert [*at.main.children] == places  # the map keeps its own, or it would be there twice for a moment
    assert f"{made.kept:.0%} are among its 9 nearest on this map" in said


def test_examples_are_looked_for_among_the_pictures_that_are_placed(photos, monkeypatch):
    placed, read = np.array([0, 4, 7, 11]), []
    monkeypatch.setattr(Collection, "pca", Projection(placed, np.zeros((4, 2), np.float32), 1.0))
    unit_rows = Embeddings.unit_rows
    monkeypatch.setattr(
        Embeddings, "unit_rows", lambda self, items: read.extend(items.tolist()) or unit_rows(self, items)
    )
    assert "the most typical picture of each colour" in run(open_map(photos, layout="PCA"))
    assert sorted(read) == placed.tolist()


def test_the_map_is_coloured_by_what_the_label_review_finds(photos):
    judged = photos.suspect_labels()
    titles = [group(photos, judged).title for group in JUDGED.values()]
    assert titles == list(JUDGED) == ["Looks like", "Label fit", "Problem"]
    assert "the most typical picture of each colour" in run(open_map(photos, layout="PCA", colour="Problem"))


def test_a_filter_leaves_only_the_pictures_that_pass_on_the_map(photos):
    at = open_map(photos, layout="PCA", labels="red", name="1*")
    assert "1 of 12 pictures" in run(at)
    at.button(key="filtered_name_1*").click().run()
    assert "4 of 12 pictures" in run(at)


def test_the_map_of_clusters_is_coloured_by_them(photos, monkeypatch):
    photos.neighbour_map.make()
    at = open_map(photos, colour="Cluster")
    assert "on this map" in run(at)
    clusters = photos.clusters()
    items = photos.neighbour_map.read().items
    groups = by_cluster(photos, items, np.array([0, 1, -1] * 4), ["cat", ""])
    assert [groups.names[group] for group in groups.of_item[:3]] == ["cat", "cluster 2", "between clusters"]
    assert clusters.of_point.shape == (3, 12)


def test_a_class_has_one_colour_whether_given_or_suggested(photos):
    given = by_label(photos)
    suggested = by_suggestion(photos, [one for one in photos.suspect_labels() if one.suggested == "red"])
    colour = dict(zip(given.names, given.colours, strict=True))
    assert {suggested.names[group] for group in suggested.of_item} == {"red", "none"}
    assert suggested.colours[suggested.names.index("red")] == colour["red"]


def test_what_is_selected_is_searched_with_browsed_or_cleared(photos):
    at = open_map(photos, layout="PCA")
    chosen = [item.file for item in photos.items if item.given_label == "red"]
    select(at, [*chosen, "no/longer.jpg"])
    assert "4 selected" in run(at)
    next(button for button in at.button if button.label == "Clear").click().run()
    assert selected(at) == []
    select(at, chosen)
    run(at)
    next(button for button in at.button if button.label == "Search").click().run()
    assert {at.session_state["url_q"][0], *at.session_state["url_like"]} == set(chosen)


def test_what_is_selected_is_shown_alone_by_browse_and_the_label_review_each_time(photos):
    at = open_map(photos, layout="PCA")
    for button, page in (("Browse", "browse"), ("Review these", "labels"), ("Browse", "browse")):
        select(at, ["red/1.jpg", "blue/2.jpg"])
        run(at)
        next(one for one in at.button if one.label == button).click().run()
        at.switch_page(f"pages/{page}.py")
        said = run(at)
        assert at.toggle(key="only_selected_shown").value
        assert page == "labels" or "2 pictures. Pick one" in said
        at.switch_page("pages/map.py")


def test_browse_can_show_the_selection_alone(photos):
    at = open_map(photos, "browse")
    assert "12 pictures" in run(at)
    assert "only_selected_shown" not in [toggle.key for toggle in at.toggle]
    select(at, ["red/1.jpg", "blue/2.jpg"])
    at.session_state["only_selected"] = True
    assert "2 pictures. Pick one" in run(at)
    at.toggle(key="only_selected_shown").set_value(False)
    assert "12 pictures" in run(at)


def test_a_handful_of_pictures_without_labels_has_a_map_too(tmp_path, monkeypatch):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))
    (tmp_path / "few").mkdir()
    for seed in range(2):
        draw(seed).save(tmp_path / "few" / f"{seed}.jpg")
    said = run(open_map(Collection.open(tmp_path / "few")))
    assert "needs 5 pictures or more" in said
    assert "2 pictures." in said
