"""Masks of pictures are left out and named; classes called like them are not."""

import pytest

from imsearch_core.datasets import scan
from tests.datasets.test_splits import touch

MASKS = {
    "Pascal VOC": (
        ["JPEGImages/1.jpg", "JPEGImages/2.jpg", "SegmentationClass/1.png", "SegmentationObject/2.png"],
        {"SegmentationClass", "SegmentationObject"},
    ),
    "Oxford pets": (["images/a.jpg", "images/b.jpg", "annotations/trimaps/a.png"], {"annotations/trimaps"}),
    "MVTec": (
        ["x/train/good/1.png", "x/test/cut/1.png", "x/ground_truth/cut/1_mask.png"],
        {"x/ground_truth"},
    ),
    "next to images": (["cat/images/1.png", "cat/masks/1.png"], {"cat/masks"}),
}


@pytest.mark.parametrize("kind", MASKS)
def test_masks_are_left_out_and_their_folders_named(tmp_path, kind):
    files, masks = MASKS[kind]
    dataset = scan(touch(tmp_path, *files))
    left_out = {skipped.file for skipped in dataset.skipped if skipped.reason == "masks of other pictures"}
    assert left_out == masks
    kept = [file for file in files if not file.startswith(tuple(masks))]
    assert sorted(item.file for item in dataset.items) == sorted(kept)


@pytest.mark.parametrize(
    "files",
    [
        ["mask/1.jpg", "no mask/1.jpg"],
        ["images/1.jpg", "masks/7.jpg"],
        ["trimaps/1.jpg"],
    ],
)
def test_a_class_that_is_called_like_masks_stays(tmp_path, files):
    assert [item.file for item in scan(touch(tmp_path, *files)).items] == files


@pytest.mark.parametrize("packed", ["images.zip", "data/train.parquet", "x.npz"])
def test_a_folder_without_pictures_names_what_may_hold_some(tmp_path, packed):
    (skipped,) = scan(touch(tmp_path, packed)).skipped
    assert (skipped.file, skipped.reason) == (packed, "an archive or table: if it holds pictures, unpack it")
