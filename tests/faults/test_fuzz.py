"""Anything at all as a picture, a table, a name, a word vector: read, or refused with a reason."""

import io
import os
import string
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from imsearch_core import UsageError
from imsearch_core.datasets import scan
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.errors import BadImage, ImsearchError
from imsearch_core.index import parse_engine
from imsearch_core.labels.corrected_copy import How, copy_corrected
from imsearch_core.labels.corrections_csv import COLUMNS, corrections_from_csv
from imsearch_core.pictures.decode import open_image, thumbnail
from imsearch_core.pictures.formats import FORMATS
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.search.query import Region
from imsearch_core.words.glove import load_glove
from tests.conftest import draw
from tests.faults.harm import index
from tests.faults.planted import MARKUP
from tests.stored import content

settings.register_profile(
    "faults",
    deadline=None,
    derandomize=True,  # the same cases each time
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIXED = settings.get_profile("faults")


def encoded(kind: str) -> bytes:
    buffer = io.BytesIO()
    options = {"TIFF": {"compression": "tiff_lzw"}, "PNG": {"dpi": (72, 72)}}.get(kind, {})
    draw(1, (40, 30)).save(buffer, kind, **options)
    return buffer.getvalue()


PICTURES = {kind: encoded(kind) for kind in FORMATS if kind != "PSD"}  # which Pillow cannot write


def outcome(read: Callable, *given: object, refusal: type = ImsearchError) -> tuple[object, str]:
    """What a function returns, or the words with which it refuses."""
    try:
        return read(*given), ""
    except refusal as refused:
        return None, str(refused)


def cells() -> st.SearchStrategy[str]:
    """What may stand in a cell of a table."""
    return st.sampled_from(
        ["", "a.jpg", "keep", "accept", "0.5", MARKUP, "../..", '"', "\0", "\ufeff"]
    ) | st.text(max_size=9)


@settings(FIXED, max_examples=300)
@given(
    st.sampled_from(sorted(PICTURES)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8),
    st.floats(0.2, 1),
)
def test_a_picture_with_any_bytes_changed_is_shown_or_refused(kind, changes, kept):
    mutated = bytearray(PICTURES[kind])
    for where, value in changes:
        mutated[int(where**2 * len(mutated))] = value  # most of them in the head
    mutated = mutated[: int(kept * len(mutated)) + 1]
    image, refusal = outcome(open_image, bytes(mutated), 224, refusal=BadImage)
    if image is None:
        assert 0 < len(refusal) < 500
    else:
        assert image.mode == "RGB"
        assert thumbnail(image, 48)


@settings(FIXED, max_examples=80)
@given(st.lists(st.lists(cells(), max_size=4), max_size=5), st.sampled_from(["utf-8", "utf-16", "latin-1"]))
@example([["file", "label"], ["a.jpg", "x" * 200_000]], "utf-8")
@example([["file", "file", "label"], ["a.jpg"]], "utf-8")
def test_any_table_of_labels_is_read_or_named(tmp_path, rows, encoding):
    draw(1, (24, 20)).save(tmp_path / "a.jpg")
    table = "\n".join(["file,label,all_labels", *(",".join(row) for row in rows)])
    (tmp_path / "labels.csv").write_bytes(table.encode(encoding, "replace"))
    dataset, refusal = outcome(scan, tmp_path)
    if dataset is None:
        assert "labels.csv" in refusal
    else:
        assert [item.file for item in dataset.items] == ["a.jpg"]


@settings(FIXED, max_examples=120)
@given(
    st.lists(st.lists(cells(), min_size=4, max_size=6), max_size=4).map(
        lambda rows: "\n".join([",".join(COLUMNS), *map(",".join, rows)]).encode("utf-8", "replace")
    )
    | st.binary(max_size=60)
)
def test_any_table_of_corrections_is_read_or_refused(table):
    found, refusal = outcome(corrections_from_csv, table, {"a.jpg"}, refusal=UsageError)
    if found is None:
        assert 0 < len(refusal) < 5000
    else:
        assert found.by_file.keys() <= {"a.jpg"}


@settings(FIXED, max_examples=80)
@given(
    st.lists(
        st.sampled_from([b"cat 0.1 0.2 0.3", b"dog 1 2 3", b"a b 1 2 3", b"x nan inf 1", b"0 0 0 0", b"3 3"])
        | st.binary(max_size=20)
        | st.text(string.digits + "eE+-. ", max_size=20).map(str.encode),
        max_size=8,
    )
)
def test_any_lines_of_word_vectors_are_read_or_named(tmp_path, lines):
    path = tmp_path / "glove.txt"
    path.write_bytes(b"\n".join(lines))
    os.utime(path, ns=(hash(tuple(lines)) % (1 << 60),) * 2)
    glove, refusal = outcome(load_glove, path)
    if glove is None:
        assert "glove.txt" in refusal
    else:
        assert len(glove.table) > 0
        assert np.allclose(np.linalg.norm(glove.table.vectors, axis=1), 1, atol=1e-3)


@settings(FIXED, max_examples=120)
@given(st.text() | st.text(string.digits + "e.,-+naif", max_size=20) | st.just("annoy:trees=" + "9" * 5000))
def test_any_region_engine_and_class_is_understood_or_refused(text):
    for read in (Region.parse, parse_engine, lambda t: parse_engine(f"annoy:{t}"), find_class):
        understood, refusal = outcome(read, text, refusal=UsageError)
        assert (understood is None) == bool(refusal)


def names() -> st.SearchStrategy[str]:
    """Names as file systems have them: up to 255 bytes, any but "/" and NUL."""
    return (
        (
            st.binary(min_size=1, max_size=255)
            | st.text(min_size=1, max_size=80).map(lambda t: t.encode("utf-8", "replace"))
        )
        .map(lambda raw: os.fsdecode(raw.translate(None, b"/\0")[:251]))
        .filter(lambda name: name not in ("", ".", "..") and not name.startswith((".", "__MACOSX")))
    )


@settings(FIXED, max_examples=10)
@given(
    st.dictionaries(
        names(), names() | st.sampled_from(["../../x", "/etc", "..", ".", "a/b"]), min_size=1, max_size=4
    )
)
def test_pictures_of_any_name_under_any_label_go_all_the_way(tmp_path_factory, labels):
    base = tmp_path_factory.mktemp("names")
    folder, target = base / "photos", base / "deep" / "copy"
    for i, name in enumerate(labels):
        (folder / name).mkdir(parents=True)
        draw(i, (24, 20)).save(folder / name / "x.png")
        draw(i, (24, 20)).save(folder / f"{name}.png")
    items = scan(folder).items
    snapshot, report = index(folder)
    assert report.skipped == ()
    assert set(content(snapshot)) == {item.file for item in items}
    for item in items:
        assert thumbnail_of(folder, item.file, item.version, 48).content
    wanted = {item.file: labels.get(item.given_label, "other") for item in items}
    copy_corrected(folder, items, wanted, target, How.SYMLINKS)
    assert os.listdir(base / "deep") == ["copy"]
    copied = [path for path in target.rglob("*") if path.is_symlink()]
    assert len(copied) == len(items)
    assert all(path.resolve().is_relative_to(folder) for path in copied)
    assert sorted(os.listdir(base)) == ["deep", "photos"]


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_picture_is_known_by_its_content_and_not_by_its_name(tmp_path, suffix):
    (tmp_path / f"gif.{suffix}").write_bytes(PICTURES["GIF"])
    (tmp_path / f"page.{suffix}").write_bytes(b"<html><script>alert(1)</script></html>")
    _, report = index(tmp_path)
    assert [skipped.file for skipped in report.skipped] == [f"page.{suffix}"]
