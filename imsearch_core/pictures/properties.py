"""What a picture file says about itself, without decoding it: format, size, date and camera."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from imsearch_core.pictures.formats import HEAD_BYTES, kind_of, load_plugin
from imsearch_core.pictures.headers import jxl_size, webp_size

# Pillow decodes nothing to open these. Other formats are named, but not opened.
_CHEAP_TO_OPEN = {
    "JPEG": ("JPEG", "MPO"),
    "PNG": ("PNG",),
    "GIF": ("GIF",),
    "BMP": ("BMP",),
    "TIFF": ("TIFF",),
    "WebP": ("WEBP",),
    "AVIF": ("AVIF",),
    "HEIF": ("HEIF",),
}
_EXIF_DATE = "%Y:%m:%d %H:%M:%S"
_EARLIEST = 1900  # cameras whose clock was never set say 0000


@dataclass(frozen=True)
class Properties:
    """What one file declares."""

    format: str
    """Such as "JPEG"; "unknown" if its first bytes do not tell."""
    size: tuple[int, int] | None
    """Width and height in pixels as stored, before any rotation; None if finding out takes decoding."""
    taken: datetime | None
    """The camera's local time (EXIF DateTimeOriginal, else DateTime); None if the file does not say."""
    camera: str | None
    """Maker and model, such as "Canon EOS 5D" (EXIF Make and Model); None if the file does not say."""


_CAMERA_BYTES = 64
PROPERTIES = np.dtype(
    [("width", "<i4"), ("height", "<i4"), ("taken", "<M8[s]"), ("camera", f"S{_CAMERA_BYTES}")]
)
"""`Properties` as they are kept: a size of 0, a date of NaT and an empty camera (UTF-8) mean unknown."""
UNKNOWN = np.array((0, 0, np.datetime64("NaT"), b""), PROPERTIES)[()]
"""PROPERTIES of a picture that says nothing."""


def record_of(path: Path) -> np.void | None:
    """PROPERTIES of a picture file; None if it cannot be read."""
    found = properties_of(path)
    if found is None:
        return None
    width, height = found.size or (0, 0)
    camera = (found.camera or "").encode("utf-8", "replace")[:_CAMERA_BYTES]
    taken = np.datetime64(found.taken, "s") if found.taken else np.datetime64("NaT")
    return np.array((width, height, taken, camera), PROPERTIES)[()]


def properties_of(path: Path) -> Properties | None:
    """The properties of a picture file; None if it cannot be read. A damaged part counts as not said."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return None
    kind = kind_of(head)
    size = {"WebP": webp_size, "JPEG XL": jxl_size}.get(kind, lambda head: None)(head)
    taken, camera = None, None
    if kind in _CHEAP_TO_OPEN:
        # Decoders fed with garbage raise nearly anything; what was read before that stands.
        with contextlib.suppress(Exception):
            load_plugin(kind)
            with Image.open(path, formats=_CHEAP_TO_OPEN[kind]) as image:
                size = image.size
                exif = image.getexif()
                taken, camera = _taken(exif), _camera(exif)
    return Properties(kind or "unknown", size, taken, camera)


def _taken(exif: Image.Exif) -> datetime | None:
    original = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    for text in (original, exif.get(ExifTags.Base.DateTime)):
        with contextlib.suppress(TypeError, ValueError):
            date = datetime.strptime(str(text).strip("\0 "), _EXIF_DATE)
            if date.year >= _EARLIEST:
                return date
    return None


def _camera(exif: Image.Exif) -> str | None:
    said = (str(exif.get(tag, "")) for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    make, model = (" ".join(text.replace("\0", " ").split()) for text in said)
    maker = make.split(" ")[0].lower()
    return (model if maker and model.lower().startswith(maker) else f"{make} {model}".strip()) or None
