"""What a search returns, as a sequence."""

import re
from collections.abc import Sequence

import pytest

from tests.colour_encoder import open_colours


@pytest.fixture
def photos(pictures):
    return open_colours(pictures)


def test_a_search_result_is_the_sequence_of_its_results(photos):
    found = photos.search("red/1.jpg", k=5)
    assert isinstance(found, Sequence)
    assert len(found) == 5
    assert [result.rank for result in found] == [1, 2, 3, 4, 5]
    assert found[0].rank == 1
    assert found[-1].rank == 5
    assert [result.rank for result in found[1:3]] == [2, 3]
    assert found[2] in found
    assert [result.rank for result in reversed(found)] == [5, 4, 3, 2, 1]
    with pytest.raises(IndexError):
        found[5]


def test_a_search_result_without_results_is_false(photos, tmp_path):
    (tmp_path / "one").mkdir()
    (photos.folder / "red" / "1.jpg").rename(tmp_path / "one" / "only.jpg")
    assert not open_colours(tmp_path / "one").search("only.jpg")
    assert photos.search("red/2.jpg")


def test_the_title_says_what_was_asked_for(photos):
    query = "red/1.jpg"
    assert photos.search(query).title == "Like this"
    assert photos.search(query, method="refined").title == "Like this (refined)"
    assert photos.search(query, focus="Siamese cat").title == "Like this, but Siamese cat (reweigh)"
    assert photos.search(query, focus="Siamese cat", strength=0.5).title == "Like this, but Siamese cat (0.5)"
    assert photos.search(query, unlike=["red/2.jpg"]).title == "Like this and 1 more, for or against"
    assert photos.search_text("red").title == "“red”"
    assert photos.search_text("red", query=query).title == "Like this, and “red”"


def test_a_notebook_shows_the_query_and_the_results_as_a_grid_of_pictures(photos):
    found = photos.search("red/1.jpg", k=3, focus="Siamese cat", strength=0.5)
    html = found._repr_html_()
    assert "Like this, but Siamese cat (0.5)" in html
    assert html.count('src="data:image/webp;base64,') == 4
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", html)
    assert captions == ["the query", *(f"{r.rank} · {r.label} · {r.cosine:.2f}" for r in found)]


def test_a_notebook_shows_a_text_without_a_query_and_says_why_a_picture_is_missing(photos):
    found = photos.search_text("red", k=2)
    (photos.folder / found[0].file).unlink()
    html = found._repr_html_()
    assert "the query" not in html
    assert html.count('src="data:image/webp;base64,') == 1
    assert "cannot be read: No such file or directory" in html


def test_markup_in_the_labels_of_a_grid_is_text(photos, tmp_path):
    hostile = tmp_path / "hostile" / "<img src=x onerror=alert(1)>"
    hostile.mkdir(parents=True)
    for name in ("0.jpg", "1.jpg"):
        (photos.folder / "red" / name).rename(hostile / name)
    html = open_colours(hostile.parent).search(f"{hostile.name}/0.jpg")._repr_html_()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
