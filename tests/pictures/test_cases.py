"""Files that failed in comparable tools, each read rightly or refused with its reason."""

import importlib.util

import numpy as np
import pytest
from PIL import Image

from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import NOTE, open_image
from tests.pictures.test_decode import difference

REFUSED = {
    "half.jpg": "damaged: the end of the file is missing",
    "lfs.jpg": "a Git LFS pointer",
    "page404.jpg": "a web page",
    "logo.svg": "an SVG drawing",
    "v.mp4": "not a picture in a known format",
    "zero.jpg": "the file is empty",
    "IMG.ARW": "camera RAW",
    "x.CR2": "camera RAW",
    "x.dng": "camera RAW",
    "x.nef": "camera RAW",
    "x.jxl": "JPEG XL",
}
NOTED = {"no_eoi.jpg", "short30.jpg"}
HEIF = {"heic1.heic", "iphone_airdrop.JPG", "x.hif"}


def test_grey_of_every_depth_looks_like_its_8_bit_twin(cases):
    deep = [path for path in (cases / "depth").glob("[bc]*") if "rgb8" not in path.name]
    assert len(deep) == 5
    for path in deep:
        twin = Image.open(path.with_name(f"{path.name.split('-')[0]}-rgb8.png")).convert("L")
        opened = open_image(path).convert("L")
        assert np.corrcoef(np.ravel(opened), np.ravel(twin))[0, 1] > 0.995, path.name
        assert difference(opened, twin) < 15, path.name
    assert np.ptp(np.asarray(open_image(cases / "depth" / "pillow-12bit.cropped.tif"))) == 255


def test_large_metadata_does_not_refuse_sound_pixels(cases):
    plain = open_image(cases / "png-metadata" / "plain.png")
    for path in (cases / "png-metadata").iterdir():
        assert difference(open_image(path), plain) == 0, path.name


def test_modes_that_pillow_does_not_know_show_the_same_picture(cases):
    opened = {path.stem: open_image(path) for path in (cases / "tiff-modes").iterdir()}
    twin = opened["rgb_float32"]
    assert np.asarray(twin).std() > 40
    assert difference(opened["rgb_float16"], twin) < 1
    assert difference(opened["cmyk_alpha"], twin) < 3
    grey = opened["grey16_alpha"].convert("L")
    assert np.corrcoef(np.ravel(grey), np.ravel(twin.convert("L")))[0, 1] > 0.98
    assert np.asarray(opened["rgb_uint32"]).std() > 40


def test_each_form_of_a_picture_is_read_or_named(cases):
    for path in (cases / "formats").iterdir():
        if path.name in REFUSED:
            with pytest.raises(BadImage, match=REFUSED[path.name]):
                open_image(path)
        elif path.name in HEIF and not importlib.util.find_spec("pillow_heif"):
            with pytest.raises(BadImage, match="HEIF needs the package pillow-heif"):
                open_image(path)
        else:
            opened = open_image(path)
            assert min(opened.size) > 100, path.name
            assert (NOTE in opened.info) == (path.name in NOTED), path.name
            assert np.asarray(opened).std() > 20, path.name
