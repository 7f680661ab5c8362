"""Poor pictures are found, each with its figure; good ones are left alone."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from imsearch_core.bench.quality import bench_quality
from imsearch_core.labels.quality import QualityIssue
from tests.colour_encoder import open_colours
from tests.labels.test_duplicates import detailed

DEGRADED = {
    QualityIssue.DARK: lambda image: image.point(lambda level: level // 8),
    QualityIssue.BRIGHT: lambda image: image.point(lambda level: 235 + level // 13),
    QualityIssue.BLURRY: lambda image: image.filter(ImageFilter.GaussianBlur(12)),
    QualityIssue.TINY: lambda image: image.resize((80, 60), Image.Resampling.NEAREST),
    QualityIssue.ODD_RATIO: lambda image: image.crop((0, 0, 400, 130)),
    QualityIssue.EMPTY: lambda image: Image.new("RGB", image.size, (90, 120, 150)),
    QualityIssue.GREY: lambda image: image.convert("L"),
}


def noisy(seed):
    """A picture with grain, as sharp as can be."""
    grain = np.random.default_rng(seed).normal(0, 25, (300, 400, 3))
    return Image.fromarray(np.clip(np.asarray(detailed(seed)) + grain, 0, 255).astype(np.uint8))


def issues_of(folder, changed):
    folder.mkdir()
    for i in range(6):
        noisy(i).save(folder / f"{i}.png")
    changed.save(folder / "changed.png")
    return [(one.file, one.issue) for one in open_colours(folder).quality_issues()]


@pytest.mark.parametrize("issue", DEGRADED)
def test_a_degraded_picture_is_found_among_good_ones(issue, tmp_path):
    assert issues_of(tmp_path / "photos", DEGRADED[issue](noisy(50))) == [("changed.png", issue)]


def test_a_dim_picture_is_not_dark(tmp_path):
    assert issues_of(tmp_path / "photos", noisy(50).point(lambda level: level // 2)) == []


def test_grey_pictures_among_grey_ones_are_no_issue(tmp_path):
    for i in range(4):
        noisy(i).convert("L").save(tmp_path / f"{i}.png")
    assert open_colours(tmp_path).quality_issues() == ()


def test_degraded_photos_are_found_and_dim_ones_are_not_called_dark(voc20):
    bench = bench_quality(voc20 / "cat", photos=5)
    assert min(one.recall for one in bench["found"]) == 1
    assert bench["dim_called_dark"] == 0
    assert max(one.wrong for one in bench["found"]) <= 2  # of 52: some cats are grey, or out of focus
