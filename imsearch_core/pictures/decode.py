"""The only place that opens a picture: from any file to upright 8-bit RGB."""

import contextlib
import io
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from imsearch_core.errors import BadImage

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"}
)
_STRIP_PIXELS = 1 << 20
MAX_PIXELS = 100_000_000  # 300 MB once decoded; beyond it a file is taken for a decompression bomb
UNREACHABLE = "cannot be read"
"""How the reason begins if it lies with the disk and not with the file's content."""
# What undoes each EXIF orientation; 1 is upright already.
_TO_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow warns about odd EXIF and large sizes; the checks below decide, and name the file.
warnings.filterwarnings("ignore", module=r"PIL\.")


def open_image(
    source: Path | bytes | Image.Image | np.ndarray, shorter_side: int | None = None
) -> Image.Image:
    """Turn a picture into an upright RGB image.

    Alpha is laid over white, animations give their first frame, 16-bit is reduced to 8.
    `source` is a file, a file's content, a picture opened with Pillow, or an array (uint8 [h, w] grey,
    [h, w, 3] RGB or [h, w, 4] RGBA). With `shorter_side` a large JPEG file may be decoded at a fraction
    of its size, never below twice that many pixels.
    Raises BadImage with the reason if it is not a usable picture.
    """
    try:
        if isinstance(source, np.ndarray):
            source = _from_array(source)
        if isinstance(source, Image.Image):
            _check_size(source)
            return upright_rgb(source)
        if isinstance(source, Path):
            _check_file(source)
        elif not source:
            raise BadImage("the file is empty")
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source), formats=FORMATS) as image:
            if shorter_side is not None:
                image.draft("RGB", (2 * shorter_side, 2 * shorter_side))
            _check_size(image)
            image.load()
            return upright_rgb(image)
    except BadImage:
        raise
    except UnidentifiedImageError:
        raise BadImage("not a picture in a known format (JPEG, PNG, WebP, GIF, BMP or TIFF)") from None
    except Image.DecompressionBombError:
        raise BadImage(f"too large: more than {MAX_PIXELS:,} pixels") from None
    except OSError as error:  # the system's have a text of their own, decoders' have none
        reason = f"{UNREACHABLE}: {error.strerror}" if error.strerror else f"damaged: {error}"
        raise BadImage(reason) from error
    except MemoryError as error:
        raise BadImage("too large for this machine's memory") from error
    except Exception as error:  # decoders fed with garbage raise nearly anything: ValueError, struct.error, …
        raise BadImage(f"damaged: {error}") from error


def _check_file(path: Path) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise BadImage("not a regular file")
    if status.st_size == 0:
        raise BadImage("the file is empty")


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(f"too large: {image.width} × {image.height} pixels (limit {MAX_PIXELS:,})")


def _from_array(pixels: np.ndarray) -> Image.Image:
    channels = pixels.shape[2:]
    if pixels.dtype != np.uint8 or pixels.size == 0 or pixels.ndim < 2 or channels not in ((), (3,), (4,)):
        raise BadImage(
            f"an array of {pixels.dtype} {list(pixels.shape)} is not a picture: uint8 [height, width], "
            f"[height, width, 3] or [height, width, 4] is"
        )
    return Image.fromarray(pixels)


def upright_rgb(image: Image.Image) -> Image.Image:
    """`image` turned as its EXIF orientation says, in 8-bit RGB: see `open_image`.

    The result has no metadata, so that it is not turned again.
    """
    with contextlib.suppress(Exception):  # a damaged EXIF block says nothing about the pixels
        # Not ImageOps.exif_transpose: it fails, the picture unturned, when another EXIF tag is damaged.
        image = image.transpose(_TO_UPRIGHT[image.getexif()[ExifTags.Base.Orientation]])
    result = _rgb(image)
    result.info = {}
    return result


def _rgb(image: Image.Image) -> Image.Image:
    """A copy."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in ("I", "F"):
        return _stretched(image)
    if image.has_transparency_data:
        return _over_white(image)
    return image.convert("RGB")


def _over_white(image: Image.Image) -> Image.Image:
    result = Image.new("RGB", image.size)
    for top, strip in _strips(image):
        strip = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        result.paste(Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return result


def _stretched(image: Image.Image) -> Image.Image:
    """Map 32-bit grey values, whose range no format fixes, from their finite extremes to 0-255."""
    extremes = []
    for _, strip in _strips(image):
        values = np.asarray(strip, np.float64)
        finite = values[np.isfinite(values)]
        extremes += [finite.min(), finite.max()] if finite.size else []
    low, high = (min(extremes), max(extremes)) if extremes else (0, 0)
    result = Image.new("L", image.size)
    for top, strip in _strips(image):
        values = np.nan_to_num(np.asarray(strip, np.float64), nan=low, posinf=high, neginf=low)
        grey = (values - low) * (255 / (high - low)) if high > low else np.full_like(values, 128)
        result.paste(Image.fromarray(grey.round().astype(np.uint8)), (0, top))
    return result.convert("RGB")


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """An image in strips with the row that each begins at: work on it then takes little memory beside it."""
    height = max(1, _STRIP_PIXELS // image.width)
    for top in range(0, image.height, height):
        yield top, image.crop((0, top, image.width, min(top + height, image.height)))


def thumbnail(image: Image.Image, longest_side: int) -> bytes:
    """A WebP of `image` that fits a square of `longest_side` pixels, for showing on a page."""
    small = image.copy()
    small.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=72, method=2)  # half the bytes of a JPEG that looks the same
    return buffer.getvalue()
