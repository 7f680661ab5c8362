"""GloVe files: read with all their oddities, kept in binary, fetched from a faulty server."""

import io
import os
import zipfile

import numpy as np
import pytest

from imsearch_core.download import Patience
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.words import glove
from imsearch_core.words.glove import fetch_glove, glove_files, glove_folder, load_glove, open_table
from tests.conftest import REFERENCE
from tests.local_site import Site

HURRY = Patience(silence=0.3, pause=0.01)
LINES = ["cat 3 4 0", "dog 0 0 2", "dining_table -1 0 0"]


def written(folder, lines, name="glove.3d.txt"):
    path = folder / name
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize("header", [[], ["3 3"]])
def test_words_and_unit_vectors_come_with_or_without_a_header(tmp_path, header):
    table = load_glove(written(tmp_path, header + LINES)).table
    assert list(table.words) == [
        "cat",
        "dog",
        "dining_table",
    ]
    assert np.allclose(table.vectors, [[0.6, 0.8, 0], [0, 0, 1], [-1, 0, 0]])
    assert table.vectors.dtype == np.float32
    assert "Dining tables" in table


def test_the_order_of_more_lines_than_are_read_at_once_is_kept(tmp_path):
    path = tmp_path / "glove.txt"
    numbers = np.random.default_rng(0).normal(0, 0.4, (4500, 6)).round(5)
    path.write_text("".join(f"word{i} {' '.join(map(str, row))}\n" for i, row in enumerate(numbers)))
    done = []
    loaded = load_glove(path, lambda *progress: done.append(progress))
    assert list(loaded.table.words) == [f"word{i}" for i in range(4500)]
    assert loaded.note == ""
    expected = np.array([line.split()[1:] for line in path.read_text().splitlines()], np.float32)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(loaded.table.vectors, expected, atol=1e-6)
    assert len(done) == 3


BAD_LINES = {
    "": "it is empty",
    "short 1 2": "2 numbers instead of 3",
    "odd 1 two 3": "not all are finite numbers",
    "cat 1 1 1": "“cat” occurs on an earlier line",
    "zero 0 0 0": "all numbers are 0",
    "big nan 1 2": "not all are finite numbers",
    "\udcff 1 2 3": "its word is not UTF-8",
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.items())
def test_a_bad_line_is_left_out_and_named(tmp_path, line, reason):
    loaded = load_glove(written(tmp_path, ["cat 3 4 0", line, "dog 0 0 2"]))
    assert list(loaded.table.words) == ["cat", "dog"]
    assert loaded.note == f"1 line of glove.3d.txt left out, the first: line 2, {reason}"


def test_of_many_bad_lines_the_first_is_named(tmp_path):
    loaded = load_glove(written(tmp_path, ["cat 3 4 0", *reversed(BAD_LINES), "dog 0 0 2"]))
    assert list(loaded.table.words) == ["cat", "dog"]
    assert loaded.note == "7 lines of glove.3d.txt left out, the first: line 2, its word is not UTF-8"


def test_a_word_may_have_blanks_and_line_separators_in_it(tmp_path):
    loaded = load_glove(written(tmp_path, [*LINES, "at name@domain.com 1 2 3", "a\x85b 1 2 3", "a\rb 1 2 3"]))
    assert list(loaded.table.words[3:]) == ["at name@domain.com", "a\x85b", "a\rb"]
    assert loaded.note == ""


def test_the_second_time_it_is_read_from_what_is_kept(tmp_path, monkeypatch):
    path = written(tmp_path, [*LINES, "short 1"])
    first = load_glove(path)
    monkeypatch.setattr(glove, "_parse", None)
    again = load_glove(path)
    assert list(again.table.words) == list(first.table.words)
    assert np.array_equal(again.table.vectors, first.table.vectors)
    assert again.note == first.note != ""


def test_a_changed_file_is_read_again_and_its_old_copy_is_deleted(tmp_path, home):
    path = written(tmp_path, LINES)
    load_glove(path)
    written(tmp_path, [*LINES, "sheep 1 2 3"])
    assert "sheep" in load_glove(path).table
    assert len(list((home / "words" / "glove").iterdir())) == 1


def test_what_is_kept_is_read_again_when_it_was_cut_off(tmp_path, home):
    path = written(tmp_path, LINES)
    load_glove(path)
    (kept,) = (home / "words" / "glove").glob("*/vectors.f32")
    os.truncate(kept, 20)
    assert np.allclose(load_glove(path).table.vectors[1], [0, 0, 1])


@pytest.mark.parametrize(
    "content", [b"", b"one\ntwo\nthree\n", b"\xff\xd8\xff\xe0" + bytes(500), b"a,1,2\nb,2,3\n"]
)
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "other.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"other\.txt is not a GloVe text file"):
        load_glove(path)


def test_a_file_of_bad_lines_only_is_refused_with_the_first(tmp_path):
    with pytest.raises(UsageError, match=r"contains no word vector; line 1: all numbers are 0"):
        load_glove(written(tmp_path, ["cat 0 0 0", "dog 0 0 0"]))


def test_a_missing_file_is_answered_with_where_it_belongs(tmp_path):
    with pytest.raises(UsageError, match=r"there is no file .*glove\.6B\.300d\.txt into .*fetch-glove"):
        load_glove(tmp_path / "none.txt")


def test_a_table_is_opened_by_path_by_name_in_its_folder_or_as_the_built_in(tmp_path, home):
    glove_folder().mkdir(parents=True)
    path = written(glove_folder(), LINES, "mine.txt")
    assert glove_files() == [path]
    for name in ("mine.txt", path):
        assert list(open_table(name).table.words) == ["cat", "dog", "dining_table"]
    assert open_table("builtin").table.name == "the built-in table"


def test_a_link_that_leads_nowhere_is_not_offered():
    glove_folder().mkdir(parents=True)
    path = written(glove_folder(), LINES)
    (glove_folder() / "unplugged.txt").symlink_to(glove_folder() / "nowhere.txt")
    assert glove_files() == [path]


@pytest.mark.parametrize(
    ("name", "words", "query", "near"),
    [
        ("glove.6B.50d.top5k.txt", 5050, "king − man + woman", "queen"),
        ("glove.6B.50d.top5k.txt", 5050, "sea", "ocean"),
        ("glove.6B.300d.voc_coco_names.txt", 86, "sofa", "couch"),
        ("glove.6B.300d.voc_coco_names.txt", 86, "bicycle", "motorcycle"),
    ],
)
def test_genuine_files_give_the_neighbours_that_glove_is_known_for(name, words, query, near):
    path = REFERENCE / "reference" / name
    if not path.is_file():
        pytest.skip(f"the reference file is not at {path}")
    loaded = load_glove(path)
    assert (len(loaded.table), loaded.note) == (words, "")
    assert loaded.table.nearest(loaded.table.meaning(query), 1)[0].word == near


# Fetching


@pytest.fixture
def site():
    opened = Site()
    opened.files = {"/glove.6B.zip": archive({"glove.6B.3d.txt": LINES, "glove.6B.2d.txt": ["cat 1 2"]})}
    yield opened
    opened.close()


def archive(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as content:
        for name, lines in files.items():
            content.writestr(name, "\n".join([*lines, ""]))
    return buffer.getvalue()


def fetch(site):
    return fetch_glove(f"{site.url}/glove.6B.zip", patience=HURRY)


def test_glove_is_fetched_unpacked_and_offered(site):
    fetched = fetch(site)
    assert [path.name for path in fetched.files] == ["glove.6B.2d.txt", "glove.6B.3d.txt"]
    assert set(fetched.files) == set(glove_files())
    assert "dog" in open_table("glove.6B.3d.txt").table
    assert not list(glove_folder().glob("*.zip"))


def test_what_is_there_is_not_fetched_again(site):
    fetch(site)
    assert fetch(site).source == "already there"
    assert len(site.requests) == 1


def test_a_broken_download_goes_on_in_the_next_call(site):
    site.faults = {"/glove.6B.zip": ["truncated", "404"]}
    with pytest.raises(ImsearchError, match="answered 404"):
        fetch(site)
    assert len(fetch(site).files) == 2
    assert site.ranges[-1] is not None


def test_a_damaged_archive_is_recognised(site):
    damaged = bytearray(site.files["/glove.6B.zip"])
    damaged[60] ^= 0xFF
    good, site.files["/glove.6B.zip"] = site.files["/glove.6B.zip"], bytes(damaged)
    with pytest.raises(ImsearchError, match=r"glove\.6B\.zip is damaged"):
        fetch(site)
    assert glove_files() == []
    site.files["/glove.6B.zip"] = good
    assert len(fetch(site).files) == 2


def test_a_sign_in_page_in_place_of_the_archive_is_noticed(site):
    site.faults = {"/glove.6B.zip": ["html"]}
    with pytest.raises(ImsearchError, match="damaged or not an archive"):
        fetch(site)


def test_no_member_is_unpacked_elsewhere(site):
    site.files["/glove.6B.zip"] = archive({"../evil.txt": ["cat 1 2"], "/evil.txt": ["cat 1 2"]})
    with pytest.raises(ImsearchError, match="no text file"):
        fetch(site)
    assert not list(glove_folder().parent.rglob("evil.txt"))


def test_offline_it_says_what_to_do_instead():
    with pytest.raises(ImsearchError, match=r"cannot be reached.*unpack it into .*the built-in table needs"):
        fetch_glove("http://127.0.0.1:9/glove.6B.zip", patience=HURRY)


@pytest.mark.parametrize("url", ["glove.6B.zip", "ftp://somewhere/glove.zip", "http://somewhere/glove.txt"])
def test_an_address_of_nothing_to_unpack_is_refused(url):
    with pytest.raises(UsageError, match="is not"):
        fetch_glove(url)
