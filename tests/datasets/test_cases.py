"""Folders, tables and files that comparable tools failed on: each is read, or named with a reason."""

import shutil

import pytest

from imsearch_core.datasets import scan
from imsearch_core.errors import ImsearchError

REFUSED = {"cp1252_excel", "empty_file", "no_header", "unclosed_quote"}
UNMATCHED = {"basename_only", "missing_files"}


def test_every_table_is_matched_or_refused_with_its_line(cases, tmp_path):
    tables = sorted((cases / "labels-tables").glob("*.csv"))
    assert len(tables) >= 35
    for table in tables:
        folder = tmp_path / table.stem
        shutil.copytree(cases / "labels-tables/base", folder)
        (folder / "café").mkdir()
        shutil.copy(folder / "cat/00.jpg", folder / "café/00.jpg")
        shutil.copy(table, folder / "labels.csv")
        if table.stem in REFUSED:
            with pytest.raises(ImsearchError, match=r"labels\.csv cannot be read: line \d"):
                scan(folder)
            continue
        notes = " ".join(scan(folder).notes)
        assert ("no picture" in notes) == (table.stem in UNMATCHED), (table.stem, notes)
        assert "no row in labels.csv" in notes


def test_splits_and_wrappers_are_no_classes(cases):
    found = {
        name: ({item.given_label for item in dataset.items}, {item.split for item in dataset.items})
        for name in ("split-classes", "split-flat", "wrapper", "nas")
        for dataset in [scan(cases / "folders" / name)]
    }
    assert found["split-classes"] == ({"cat", "dog"}, {"train", "val", "test"})
    assert found["split-flat"] == ({None}, {"train", "test"})
    assert found["wrapper"] == ({"cat", "dog"}, {None})
    assert len(found["nas"][0]) == 2
    assert len(scan(cases / "folders/nas").items) == 8


def test_of_all_formats_only_a_video_is_passed_over(cases):
    folder = cases / "formats"
    listed = {item.file for item in scan(folder).items}
    assert {path.name for path in folder.iterdir()} - listed == {"v.mp4"}
