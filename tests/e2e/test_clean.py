"""The bench whose scripted person cleans labels, on a small folder."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from imsearch_core.bench.clean import bench_clean
from imsearch_core.errors import UsageError
from tests.conftest import draw_folder


def test_a_scripted_person_decides_about_every_doubtful_picture_and_nothing_is_lost(browser, tmp_path):
    folder = draw_folder(tmp_path / "pictures")
    with ThreadPoolExecutor() as elsewhere:  # this thread's Playwright is that of the other tests
        done = elsewhere.submit(bench_clean, folder, pace=0, fast_seconds=2).result()
    assert done.pictures == 12
    assert done.right_before == pytest.approx(11 / 12)
    assert done.right_after == 1
    assert done.looked_at == 12
    assert done.lost == done.fast_keys_lost == done.photos_changed == 0
    assert done.errors == ()


def test_a_share_of_all_labels_is_refused(tmp_path):
    with pytest.raises(UsageError, match="more than 0"):
        bench_clean(tmp_path, wrong=1.0)
