"""The bench whose scripted person cleans labels, on a small folder."""

import pytest

from imsearch_core.bench.clean import clean_copy, copy_with_mistakes
from imsearch_core.datasets import scan
from tests.conftest import draw_folder


def test_a_scripted_person_decides_about_every_doubtful_picture_and_nothing_is_lost(
    explorer, explorer_home, page, embed, tmp_path
):
    folder, copy = draw_folder(tmp_path / "pictures"), tmp_path / "copy"
    shown = copy_with_mistakes(folder, list(scan(folder).items), copy)
    embed(copy)
    done = clean_copy(page, explorer, explorer_home, copy, shown, pace=0, fast_seconds=2)
    assert done["errors"] == ()
    found = {figure.what: figure.value for figure in done["figures"]}
    assert found["pictures"] == 12
    assert found["labels that name a class shown, before"] == pytest.approx(11 / 12)
    assert found["labels that name a class shown, after"] == 1
    assert found["pictures looked at, each time"] + found["fast keys"] == 12  # the rest is not doubtful
    assert found["fast keys"] > 0
