"""Masks of pictures are left out and named; classes called like them are not."""

import pytest

from imsearch_core.datasets import scan
from imsearch_core.wording import counted
from tests.datasets.test_splits import touch

PANOPTIC = "annotations/panoptic_train2017"

MASKS = {
    "Pascal VOC": (
        ["JPEGImages/1.jpg", "JPEGImages/2.jpg", "SegmentationClass/1.png", "SegmentationObject/2.png"],
        {"SegmentationClass": 1, "SegmentationObject": 1},
    ),
    "Oxford pets": (
        ["images/a.jpg", "images/b.jpg", "annotations/trimaps/a.png"],
        {"annotations/trimaps": 1},
    ),
    "MVTec": (
        ["x/train/good/1.png", "x/test/cut/1.png", "x/ground_truth/cut/1_mask.png"],
        {"x/ground_truth": 1},
    ),
    "next to images": (["cat/images/1.png", "cat/masks/1.png"], {"cat/masks": 1}),
    "below the pictures": (["cat/1.jpg", "cat/masks/1.png", "dog/1.jpg"], {"cat/masks": 1}),
    "in parallel folders": (
        ["images/cat/1.jpg", "images/dog/1.jpg", "masks/cat/1.png", "masks/dog/1.png"],
        {"masks": 2},
    ),
    "one lacks its picture": (
        [*(f"images/{i}.jpg" for i in range(20)), *(f"masks/{i}.png" for i in range(21))],
        {"masks": 21},
    ),
    "ADE20K": (["images/training/a_1.jpg", "annotations/training/a_1.png"], {"annotations": 1}),
    "Carvana": (["train/a_01.jpg", "test/b_01.jpg", "train_masks/a_01_mask.gif"], {"train_masks": 1}),
    "CamVid": (["default/a.png", "defaultannot/a.png"], {"defaultannot": 1}),
    "DUTS": (["DUTS-TR/DUTS-TR-Image/a.jpg", "DUTS-TR/DUTS-TR-Mask/a.png"], {"DUTS-TR/DUTS-TR-Mask": 1}),
    "ISIC": (
        ["Task1_Training_Input/ISIC_1.jpg", "Task1_Training_GroundTruth/ISIC_1_segmentation.png"],
        {"Task1_Training_GroundTruth": 1},
    ),
    "Cityscapes": (
        [
            "leftImg8bit/train/ulm/ulm_0_19_leftImg8bit.png",
            "gtFine/train/ulm/ulm_0_19_gtFine_color.png",
            "gtFine/train/ulm/ulm_0_19_gtFine_labelIds.png",
        ],
        {"gtFine": 2},
    ),
    "COCO panoptic": (["train2017/01.jpg", "annotations/panoptic_train2017/01.png"], {PANOPTIC: 1}),
    "CUB": (["CUB/images/1.Albatross/a.jpg", "segmentations/1.Albatross/a.png"], {"segmentations": 1}),
    "Flowers": (["jpg/image_00001.jpg", "segmim/segmim_00001.jpg"], {"segmim": 1}),
    "NYU depth": (["rgb/kitchen_1.jpg", "depth/kitchen_1.png"], {"depth": 1}),
    "a folder of masks for each picture": (
        ["a/images/a.png", "a/masks/0f.png", "a/masks/1e.png", "b/images/b.png", "b/masks/2d.png"],
        {"a/masks": 2, "b/masks": 1},
    ),
}

BESIDE = {
    "Roboflow": (["train/a_jpg.rf.0f1.jpg", "test/b.jpg"], ["train/a_jpg.rf.0f1_mask.png"]),
    "BUSI": (
        ["normal/normal (1).png", "benign/benign (1).png"],
        ["normal/normal (1)_mask.png", "benign/benign (1)_mask.png", "benign/benign (1)_mask_1.png"],
    ),
    "ADE20K": (["a.jpg", "b.jpg"], ["a_seg.png", "b_seg.png"]),
    "depth": (["a.jpg"], ["a_depth.png"]),
    "a prefix": (["img_1.jpg", "img_2.jpg"], ["mask_1.png", "mask_2.png"]),
    "after the suffix": (["a.jpg"], ["a.jpg.mask.png", "a-gt.png"]),
    "Telegram": (["photo_1@01-01-2023.jpg"], ["photo_1@01-01-2023_thumb.jpg"]),
    "LabelMe": (["a_json/img.png"], ["a_json/label.png", "a_json/label_viz.png"]),
}


@pytest.mark.parametrize("kind", MASKS)
def test_folders_of_masks_are_left_out_and_named_with_their_number(tmp_path, kind):
    files, masks = MASKS[kind]
    dataset = scan(touch(tmp_path, *files))
    assert {(skipped.file, skipped.reason) for skipped in dataset.skipped} == {
        (folder, f"{counted(count, 'mask, map or preview', 'masks, maps or previews')} of other pictures")
        for folder, count in masks.items()
    }
    kept = [file for file in files if not file.startswith(tuple(f"{mask}/" for mask in masks))]
    assert sorted(item.file for item in dataset.items) == sorted(kept)


@pytest.mark.parametrize("kind", BESIDE)
def test_masks_beside_their_pictures_are_left_out_and_counted(tmp_path, kind):
    files, masks = BESIDE[kind]
    dataset = scan(touch(tmp_path, *files, *masks))
    assert sorted(item.file for item in dataset.items) == sorted(files)
    (skipped,) = dataset.skipped
    assert skipped.file in masks
    more = f" (and {len(masks) - 1} more)" if len(masks) > 1 else ""
    assert skipped.reason == f"a mask, map or preview of another picture{more}"


@pytest.mark.parametrize(
    "files",
    [
        ["mask/1.jpg", "no mask/1.jpg"],
        ["with_mask/1.jpg", "without_mask/1.jpg"],
        ["images/1.jpg", "masks/7.jpg"],
        ["images/1.jpg", "images/2.jpg", "masks/1.jpg", "masks/7.jpg"],
        ["trimaps/1.jpg"],
        ["1_mask.png", "2_mask.png"],
        ["masks/1_mask.png", "masks/2.png"],
        ["depth/1.png", "depth/2.png"],
        ["alpha/1.jpg", "beta/1.jpg"],
        ["seg_test/cat/1.jpg", "seg_train/cat/1.jpg"],
        ["wine.jpg", "wine_label.jpg"],
        ["ground.jpg", "play.jpg", "play_ground.jpg"],
        ["hats/images/1.jpg", "hats/masks/7.jpg"],
        ["2023/1.jpg", "2023/mask/1x.jpg", "2024/1.jpg", "2024/mask/1x.jpg"],
    ],
)
def test_what_is_called_like_masks_but_belongs_to_no_picture_stays(tmp_path, files):
    dataset = scan(touch(tmp_path, *files))
    assert sorted(item.file for item in dataset.items) == sorted(files)
    assert dataset.skipped == ()


def test_a_folder_of_masks_can_itself_be_opened(tmp_path):
    touch(tmp_path, "images/1.jpg", "masks/1_mask.png")
    assert [item.file for item in scan(tmp_path / "masks").items] == ["1_mask.png"]


@pytest.mark.parametrize("packed", ["images.zip", "data/train.parquet", "x.npz"])
def test_a_folder_without_pictures_names_what_may_hold_some(tmp_path, packed):
    (skipped,) = scan(touch(tmp_path, packed)).skipped
    assert (skipped.file, skipped.reason) == (packed, "an archive or table: if it holds pictures, unpack it")
