"""What a picture file says about itself, without decoding it: format, size in pixels, when it was taken."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import ExifTags, Image

from imsearch_core.pictures.formats import HEAD_BYTES, kind_of
from imsearch_core.pictures.headers import jxl_size, webp_size

# Pillow reads no more than the head of these. Other formats are named, but not opened.
_CHEAP_TO_OPEN = {
    "JPEG": ("JPEG", "MPO"),
    "PNG": ("PNG",),
    "GIF": ("GIF",),
    "BMP": ("BMP",),
    "TIFF": ("TIFF",),
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


def properties_of(path: Path) -> Properties | None:
    """The properties of a picture file; None if it cannot be read. A damaged part counts as not said."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return None
    kind = kind_of(head)
    size, taken = None, None
    if kind == "WebP":
        size = webp_size(head)
    elif kind == "JPEG XL":
        size = jxl_size(head)
    elif kind in _CHEAP_TO_OPEN:
        # Decoders fed with garbage raise nearly anything; what was read before that stands.
        with contextlib.suppress(Exception), Image.open(path, formats=_CHEAP_TO_OPEN[kind]) as image:
            size = image.size
            taken = _taken(image.getexif())
    return Properties(kind or "unknown", size, taken)


def _taken(exif: Image.Exif) -> datetime | None:
    original = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    for text in (original, exif.get(ExifTags.Base.DateTime)):
        with contextlib.suppress(TypeError, ValueError):
            date = datetime.strptime(str(text).strip("\0 "), _EXIF_DATE)
            if date.year >= _EARLIEST:
                return date
    return None
