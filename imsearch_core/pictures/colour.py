"""Colours as they were meant: embedded ICC profiles are applied, so that every picture ends in sRGB."""

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_SPACES = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L", "Lab ": "LAB"}
MOST_PROFILE_BYTES = 16 << 20
_UNSEEN = 2  # grey levels: a profile that changes no colour by more is sRGB under another name
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a picture without transparency (L, RGB, CMYK, LAB, …) to RGB in the sRGB colour space.

    A missing or damaged profile, or one for other colours than the picture's, leaves Pillow's own conversion.
    """
    if image.mode == "LAB":
        return ImageCms.applyTransform(image, _from_lab())
    if image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    transform = _transform(profile, image.mode) if profile and len(profile) < MOST_PROFILE_BYTES else None
    if transform:
        return ImageCms.applyTransform(image, transform)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile to sRGB; None if the profile does not fit the mode or changes nothing to speak of."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _SPACES.get(source.profile.xcolor_space) != mode:
            return None
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB", intent, _FLAGS)
        sample = _sample(mode)
        changed = ImageCms.applyTransform(sample, transform)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    difference = np.abs(np.asarray(changed, int) - np.asarray(sample.convert("RGB"), int))
    return transform if difference.max() > _UNSEEN else None


def _sample(mode: str) -> Image.Image:
    """Colours from all over a colour space."""
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    levels = np.arange(0, 256, 51, dtype=np.uint8)
    channels = len(Image.new(mode, (1, 1)).getbands())
    grid = np.stack(np.meshgrid(*[levels] * channels), axis=-1).reshape(1, -1, channels)
    return Image.frombytes(mode, (grid.shape[1], 1), np.ascontiguousarray(grid).tobytes())


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def _from_lab() -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(ImageCms.createProfile("LAB"), _srgb(), "LAB", "RGB")
