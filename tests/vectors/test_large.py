"""The sizes in docs/large.md are what its measured figures give."""

import math
import re

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "large.md").read_text("utf-8")
COUNTS = (1e6, 1e8, 1e9)


def measured(name: str) -> int:
    (value,) = re.findall(rf"^\| {name} \| (\d+) \|", PAGE, re.MULTILINE)
    return int(value)


def row(start: str) -> list[float]:
    (cells,) = re.findall(rf"^\| {re.escape(start)}[^|]*\|(.*)\|$", PAGE, re.MULTILINE)
    return [float(cell.split()[0]) for cell in cells.split("|")]


def gigabytes(bytes_each: float) -> list[float]:
    return [n * bytes_each / 1e9 for n in COUNTS]


def agree(shown: list[float], computed: list[float]) -> bool:
    return all(math.isclose(a, b, rel_tol=0.025) for a, b in zip(shown, computed, strict=True))


def test_bytes_follow_from_the_dimension_and_what_was_measured():
    d = measured("d")
    assert agree(row("float32 embeddings"), gigabytes(4 * d))
    assert agree(row("one byte per number"), gigabytes(d))
    assert agree(row("one bit per number"), gigabytes(d / 8))
    assert agree(row("HNSW links"), gigabytes(2 * 16 * 4))
    assert agree(row("on disk"), gigabytes(measured("disk")))
    assert agree(row("the graph of `hnsw`, float16"), gigabytes(measured("float16 graph")))
    assert agree(row("the graph of `hnsw`, int8"), gigabytes(measured("int8 graph")))
    assert agree(row("keys and stamps"), gigabytes(32 + 8))


def test_hours_follow_from_the_rates():
    assert agree(row("embedding, machines"), [n / measured("embed") / 3600 for n in COUNTS])
    assert row("machines of 2 cores") == [math.ceil(n / measured("embed") / 3600 / 168) for n in COUNTS]
    assert agree(row("inserting"), [n / measured("insert") / 3600 for n in COUNTS])


def test_machines_follow_from_the_bytes():
    d, links, usable = measured("d"), 2 * 16 * 4, 128e9 * 0.7
    for start, bytes_each in {
        "machines of 128 GB, HNSW on float32": 4 * d + links,
        "machines of 128 GB, HNSW on SQ8": d + links,
        "machines of 128 GB, one bit": d / 8,
    }.items():
        assert row(start) == [math.ceil(n * bytes_each / usable) for n in COUNTS]
