"""The only place that opens a picture: from any file, bytes, image or array to upright 8-bit RGB in sRGB."""

import contextlib
import io
import logging
import stat
import struct
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, BinaryIO

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageFile, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import COMPRESSION_INFO, ImageFileDirectory_v2

from imsearch_core.errors import BadImage
from imsearch_core.pictures import formats, jpeg, limits
from imsearch_core.pictures.colour import MOST_PROFILE_BYTES, to_srgb
from imsearch_core.pictures.headers import jxl_size, webp_size
from imsearch_core.pictures.heif import is_turned_by_a_box
from imsearch_core.pictures.limits import check_jpeg, check_size, check_slow, reserved
from imsearch_core.pictures.netpbm import plain_header
from imsearch_core.pictures.png import icc_profile, without_metadata
from imsearch_core.pictures.tiff import is_misread, plain_values
from imsearch_core.pictures.tones import to_8_bit, tonal_range
from imsearch_core.wording import counted

UNREACHABLE = "cannot be read"
"""How the reason begins if it lies with the disk and not with the file's content."""
NOTE = "note"
"""The key in an opened picture's `info` of what a person should know about it, such as missing rows."""
_UNKNOWN = "not a picture in a known format"
_STRIP_PIXELS = 1 << 20
_SAMPLED_VALUES = 1 << 20
_FRAMES_SEARCHED = 50
_ANIMATED = frozenset({"GIF", "WEBP", "PNG", "AVIF"})
_SPARED_ROWS = 0.95  # a cut JPEG must have this part of its rows: a centre crop hardly misses the rest
_DECODED_TWICE = 100_000_000  # pixels of a JPEG that are worth a second look
_JPEG_FILLING = 128  # the grey in which libjpeg paints what is missing
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
_ORIENTATION = ExifTags.Base.Orientation
_SUB_FILE_TYPE, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES = 254, 258, 259, 262, 277  # TIFF tags
_WIDTH, _HEIGHT, _EXTRA_SAMPLES, _ICC_PROFILE = 256, 257, 338, 34675
_TILE_WIDTH, _TILE_HEIGHT, _SUB_FILES, _SAMPLE_FORMAT, _DNG_VERSION = 322, 323, 330, 339, 50706
_WHITE_IS_ZERO = 0  # a photometric
_ONE_OF_MANY = 2  # a sub-file type of pages; other bits mark thumbnails and masks of another page
_PHOTOMETRICS = {0: "grey", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "Lab", 9: "Lab"}
_COMPRESSIONS = {
    **dict.fromkeys((33003, 33004, 33005, 34712), "JPEG 2000"),
    **dict.fromkeys((22610, 34934), "JPEG XR"),
    **dict.fromkeys((50002, 52546), "JPEG XL"),
    **{34887: "LERC", 34933: "PNG"},
}
_SAMPLE_FORMATS = {1: "integer", 2: "signed integer", 3: "float"}
# Pillow keeps the high byte of 16-bit colour; in the other byte order the same file gives the low one. It has
# no other order for grey with alpha, whose four bytes can be read as the channels of RGBA.
_GREY_AND_ALPHA = "LA;16B"
_OTHER_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}

# Pixels in blocks of more than 32 MB go back to the system at once; glibc keeps smaller ones for the thread.
Image.core.set_block_size(64 << 20)
# Pillow warns about odd EXIF and large sizes; the checks below decide, and name the file.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def open_image(
    source: Path | bytes | Image.Image | np.ndarray, shorter_side: int | None = None
) -> Image.Image:
    """Decode a picture into an upright RGB image in sRGB; the same picture gives the same pixels in any form.

    Alpha is laid over white, animations and TIFFs give their first frame that is not blank, values of more
    than 8 bits are brought to 8 as `tones.tonal_range` says. An array is [height, width] or
    [height, width, channels], with 1 to 4 channels (grey, grey and alpha, RGB, RGBA) of any type.
    With `shorter_side` a large picture is reduced, never below twice that many pixels.
    A picture with a small defect is read, and `info[NOTE]` says what is wrong.
    Raises BadImage with the reason when the source is not a usable picture.
    """
    with _bad_image():
        if isinstance(source, Path):
            _check_file(source)
            with source.open("rb") as file:
                return _decoded(file, source.name, shorter_side)
        if isinstance(source, Image.Image):
            content = _content_behind(source)
            if content is None:
                return _reduced(upright_rgb(source), shorter_side)
            source = content
        if isinstance(source, np.ndarray):
            return _reduced(upright_rgb(_from_array(source)), shorter_side)
        if not source:
            raise BadImage("the file is empty")
        return _decoded(io.BytesIO(source), "", shorter_side)


@contextlib.contextmanager
def _bad_image() -> Iterator[None]:
    """Turn whatever a decoder raises into BadImage with a reason."""
    try:
        yield
    except BadImage:
        raise
    except UnidentifiedImageError:
        raise BadImage(_UNKNOWN) from None
    except Image.DecompressionBombError:
        raise BadImage("too large: more pixels than can be decoded") from None
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


def _content_behind(image: Image.Image) -> bytes | None:
    """The file that an image was opened from but not decoded yet; None if there is none."""
    if not isinstance(image, ImageFile.ImageFile) or image.tell():
        return None
    if not image.tile and getattr(image, "_im", None) is not None:  # WebP and HEIF never have tiles
        return None
    try:
        position = image.fp.tell()
        image.fp.seek(0)
        content = image.fp.read()
        image.fp.seek(position)
    except (AttributeError, OSError, ValueError):  # closed, or it cannot go back
        return None
    return content


def _from_array(array: np.ndarray) -> Image.Image:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or not 1 <= channels <= 4 or not array.size:
        raise BadImage(
            f"an array of shape {array.shape}: expected [height, width] or [height, width, 1 to 4]"
        )
    if array.dtype.kind not in "buif":
        raise BadImage(f"an array of {array.dtype}: expected numbers")
    if array.dtype == bool:
        array = array * np.uint8(255)
    if array.dtype == np.uint8:
        return Image.fromarray(array)
    if channels not in (2, 4):
        return _stretched(array.shape[1::-1], lambda top, bottom: array[top:bottom])
    image = _from_array(array[:, :, :-1])
    image.putalpha(_alpha_from(array[:, :, -1]))
    return image


def _alpha_from(values: np.ndarray) -> Image.Image:
    """Opacity as 8 bits, from whole numbers of any size or fractions from 0 to 1."""
    most = 1 if values.dtype.kind == "f" else np.iinfo(values.dtype).max
    return Image.fromarray((np.clip(values.astype(np.float32) / most, 0, 1) * 255).round().astype(np.uint8))


def _decoded(file: BinaryIO, name: str, shorter_side: int | None) -> Image.Image:
    head = file.read(formats.HEAD_BYTES)
    file.seek(0)
    kind = formats.kind_of(head)
    tags = _tiff_tags(file) if kind == "TIFF" else {}
    called_raw = PurePath(name).suffix.lower() in formats.RAW_SUFFIXES
    if _is_raw(tags) or (called_raw and kind in (None, "TIFF")):
        kind = "camera RAW"  # in which Pillow finds the small preview, if anything
    if kind == "JPEG":
        return _decoded_jpeg(file.read(), shorter_side)
    if kind == "camera RAW":
        return _developed(file, shorter_side)
    if kind in (formats.PAM, formats.COLOUR_PFM):
        header = plain_header(file)
        with reserved(check_size(header.width, header.height, "plain values")):
            return _reduced(upright_rgb(_from_array(header.values(file))), shorter_side)
    check_size(tags.get(_TILE_WIDTH, 1), tags.get(_TILE_HEIGHT, 1), "TIFF")  # each is decoded whole
    if is_misread(tags):
        if (image := _plain_tiff(file, tags)) is None:
            raise BadImage(_unsupported("TIFF", tags))
        return _reduced(image, shorter_side)
    names = formats.load_plugin(kind) if kind else _names_of_unknown(file, name)
    try:
        with reserved(_needed_to_open(kind, head)):
            image = Image.open(file, formats=names)
        with image:
            return _opened(image, file, shorter_side)
    except (UnidentifiedImageError, SyntaxError, ValueError, RuntimeError, struct.error) as error:
        if kind == "PNG":
            return _decoded_png(file, shorter_side)
        if (image := _plain_tiff(file, tags)) is not None:
            return _reduced(image, shorter_side)
        if kind:
            unidentified = isinstance(error, UnidentifiedImageError)
            raise BadImage(_unsupported(kind, tags if unidentified else {})) from error
        if (suffix := PurePath(name).suffix.lower()) in formats.NOT_READ:
            raise BadImage(f"the format {suffix} is not supported: save it as PNG or TIFF") from error
        raise


def _decoded_png(file: BinaryIO, shorter_side: int | None) -> Image.Image:
    """A PNG whose metadata Pillow refuses: its pixels, and the colours that its profile gives them."""
    file.seek(0)
    content = file.read()
    bare = io.BytesIO(without_metadata(content))
    try:
        opened = Image.open(bare, formats=("PNG",))
    except UnidentifiedImageError:
        raise BadImage(_unsupported("PNG", {})) from None
    with opened as image:
        if profile := icc_profile(content, MOST_PROFILE_BYTES):
            image.info["icc_profile"] = profile
        return _opened(image, bare, shorter_side)


def _plain_tiff(file: BinaryIO, tags: Mapping[int, Any]) -> Image.Image | None:
    """A TIFF of a mode that Pillow does not know; None if we do not know it either."""
    extra = len(tags.get(_EXTRA_SAMPLES, ()))
    colours = tags.get(_SAMPLES, 1) - extra
    if extra > 1 or {_WHITE_IS_ZERO: 1, 1: 1, 2: 3, 5: 4}.get(tags.get(_PHOTOMETRIC)) != colours:
        return None
    with reserved(check_size(tags[_WIDTH], tags[_HEIGHT], "plain values")):
        values = plain_values(file, tags)
        if values is None or (colours == 4 and values.dtype != np.uint8):
            return None
        if colours < 4:
            image = _from_array(values)
        else:
            image = to_srgb(Image.fromarray(values[:, :, :4].copy(), "CMYK"), tags.get(_ICC_PROFILE))
            if extra:
                image.putalpha(_alpha_from(values[:, :, 4]))
        image.getexif()[_ORIENTATION] = tags.get(_ORIENTATION, 1)
        image = upright_rgb(image)
        return ImageChops.invert(image) if tags[_PHOTOMETRIC] == _WHITE_IS_ZERO else image


def _needed_to_open(kind: str | None, head: bytes) -> int:
    """Bytes of memory that only opening a file takes, before its size is known from the decoder."""
    if kind == "WebP":
        return check_size(*webp_size(head), "WEBP")
    if kind == "JPEG XL":
        size = jxl_size(head)
        return check_size(*size, "JXL") if size else limits.MEMORY
    return limits.MEMORY if kind == "ICO" else 0


def _names_of_unknown(file: BinaryIO, name: str) -> tuple[str, ...]:
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - formats.TAIL_BYTES))
    tail = file.read()
    file.seek(0)
    return ("TGA",) if formats.is_tga(name, tail) else formats.FORMATS


def _tiff_tags(file: BinaryIO) -> Mapping[int, Any]:
    """The tags of a TIFF's first page, which say what it holds even if Pillow cannot read it."""
    try:
        head = file.read(8)
        tags = ImageFileDirectory_v2(head + file.read(8 if head[2] == 43 or head[3] == 43 else 0))
        file.seek(tags.next)
        tags.load(file)
        return tags
    except Exception:  # damaged: Pillow will say so
        return {}
    finally:
        file.seek(0)


def _is_raw(tags: Mapping[int, Any]) -> bool:
    preview = tags.get(_SUB_FILE_TYPE) == 1 and _SUB_FILES in tags
    return preview or _DNG_VERSION in tags


def _unsupported(kind: str, tags: Mapping[int, Any]) -> str:
    """Why Pillow does not read a file of a known kind."""
    if _BITS not in tags:
        return f"damaged, or a kind of {kind} that is not supported"
    compression = tags.get(_COMPRESSION, 1)
    if compression not in COMPRESSION_INFO:
        name = _COMPRESSIONS.get(compression, f"number {compression}")
        return f"TIFF compression not supported: {name}; save it with another, such as LZW"
    photometric, samples = tags.get(_PHOTOMETRIC, 0), tags.get(_SAMPLES, 1)
    name = _PHOTOMETRICS.get(photometric, f"photometric {photometric}")
    bits = "/".join(sorted({str(bits) for bits in tags[_BITS]}))
    number = _SAMPLE_FORMATS.get(tags.get(_SAMPLE_FORMAT, (1,))[0], "other")
    return f"TIFF mode not supported: {name}, {counted(samples, 'channel')} of {bits} bits ({number})"


def _decoded_jpeg(content: bytes, shorter_side: int | None) -> Image.Image:
    cost = jpeg.jpeg_cost(content)
    if cost is None and jpeg.is_jpeg_ls(content):
        raise BadImage("the format JPEG-LS is not supported: save it as PNG or TIFF")
    if cost is None:
        raise BadImage("damaged: the JPEG has no picture")
    check_jpeg(cost)
    with _drafted(content, shorter_side) as image:
        memory = check_size(*image.size, "JPEG") + cost.coefficient_bytes
        if memory > limits.MEMORY:
            raise BadImage(f"too large: a progressive JPEG of {cost.pixels:,} pixels")
        with reserved(memory + len(content)):
            try:
                image.load()
            except OSError:
                if not cost.fine:
                    raise
            else:
                if cost.pixels <= _DECODED_TWICE and _lacks_rows(image, content, shorter_side):
                    return _noted(image, shorter_side, "the last rows are missing")
                if not cost.fine:
                    return _noted(image, shorter_side, "its finest detail is missing")
                return _reduced(upright_rgb(image), shorter_side)
            with _drafted(content + jpeg.END, shorter_side) as mended:
                mended.load()
                return _noted(mended, shorter_side, "the end of the file is missing")


def _drafted(content: bytes, shorter_side: int | None) -> JpegImageFile:
    """A JPEG to be decoded at a fraction of its size, if that suffices or it is too large otherwise."""
    image = JpegImageFile(io.BytesIO(content))  # not Image.open, which refuses what a fraction makes possible
    fraction = 1
    while fraction < 8 and not limits.fits(image.width // fraction, image.height // fraction, "JPEG"):
        fraction *= 2
    wanted = image.width // fraction, image.height // fraction
    if shorter_side is not None:
        wanted = tuple(min(side, 2 * shorter_side) for side in wanted)
    image.draft("RGB", wanted)
    return image


def _lacks_rows(image: JpegImageFile, content: bytes, shorter_side: int | None) -> bool:
    """Whether a decoded JPEG with an end marker has too little before it.

    The decoder fills up with grey then, without a word. More to decode would change that grey; where a
    picture is really grey, the decoder looks at no more than it needs.
    """
    last = image.crop((image.width - 1, image.height - 1, *image.size))
    if not _is_filling(last):
        return False
    with _drafted(jpeg.with_more_to_decode(content), shorter_side) as other:
        other.load()
        boxes = [(0, top, image.width, bottom) for top, bottom in _strips(*image.size)]
        return any(ImageChops.difference(image.crop(box), other.crop(box)).getbbox() for box in boxes)


def _is_filling(part: Image.Image) -> bool:
    darkest, brightest = part.convert("L").getextrema()
    return darkest >= _JPEG_FILLING - 1 and brightest <= _JPEG_FILLING + 1


def _noted(image: Image.Image, shorter_side: int | None, note: str) -> Image.Image:
    """A JPEG that lacks something, with a note. Raises BadImage if too many rows are missing."""
    if _is_filling(image.crop((0, int(_SPARED_ROWS * image.height), *image.size))):
        raise BadImage(f"damaged: {note}" + ("" if "rows" in note else ", and many rows with it"))
    result = _reduced(upright_rgb(image), shorter_side)
    result.info[NOTE] = note
    return result


def _developed(file: BinaryIO, shorter_side: int | None) -> Image.Image:
    formats.load_plugin("camera RAW")
    import rawpy

    file.seek(0)
    try:
        with rawpy.imread(file) as raw, reserved(check_size(raw.sizes.width, raw.sizes.height, None)):
            # At half size each pixel has measured colours; LibRaw turns it upright.
            image = Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True))
            return _reduced(image, shorter_side)
    except rawpy.LibRawError:
        raise BadImage(_unsupported("camera RAW", {})) from None


def _opened(image: Image.Image, file: BinaryIO, shorter_side: int | None) -> Image.Image:
    """Decode an image that Pillow has opened, when there is memory for it."""
    if any(tile.codec_name in Image.DECODERS for tile in image.tile):  # those written in Python
        check_slow(*image.size, image.format)
    if image.format in ("HEIF", "AVIF"):
        with contextlib.suppress(Exception):  # a damaged EXIF block says nothing about the pixels
            image.getexif()[_ORIENTATION] = _left_to_turn(image, is_turned_by_a_box(file))
    with reserved(check_size(*image.size, image.format)):
        result = _reduced(_frame_with_content(image, file), shorter_side)
        if image.format != "TIFF" or not _is_blank(result):
            image.close()  # its pixels go before the memory counts as free
            return result
    return _later_page(image, file, shorter_side) or result


def _left_to_turn(image: Image.Image, turned_by_a_box: bool) -> int:
    """The EXIF orientation in which the decoder leaves a HEIF or AVIF picture.

    A box has the last word on it. pillow-heif follows the box, Pillow hands on what an AVIF's says; where
    there is none, both forget what EXIF says.
    """
    if image.format == "HEIF":
        return 1 if turned_by_a_box else image.info["original_orientation"] or 1
    exif = image.getexif()
    if not turned_by_a_box:
        _, _, _, _, block, *_ = image._decoder.get_info()  # no public attribute has it as it was
        exif = Image.Exif()
        exif.load(block)
    return exif.get(_ORIENTATION, 1)


def _frame_with_content(image: Image.Image, file: BinaryIO) -> Image.Image:
    """The first frame that is more than one colour; the first frame if all are."""
    first = frame = upright_rgb(_loaded(image, file))
    if image.format not in _ANIMATED:
        return first
    affordable = limits.MEMORY // (limits.bytes_per_pixel(image.format) * image.width * image.height)
    with contextlib.suppress(Exception):  # no more frames, or damaged ones
        for number in range(1, 1 + min(_FRAMES_SEARCHED, affordable)):
            if not _is_blank(frame):
                return frame
            image.seek(number)
            frame = upright_rgb(image)
    return first


def _later_page(image: Image.Image, file: BinaryIO, shorter_side: int | None) -> Image.Image | None:
    """The first page after this one of a TIFF that is more than one colour; None if all are one."""
    affordable = limits.MEMORY
    with contextlib.suppress(Exception):  # no more pages, or damaged ones
        for number in range(1, 1 + _FRAMES_SEARCHED):
            image.seek(number)
            if image.tag_v2.get(_SUB_FILE_TYPE, 0) & ~_ONE_OF_MANY:
                continue
            check_size(*(image.tag_v2.get(tag, 1) for tag in (_TILE_WIDTH, _TILE_HEIGHT)), "TIFF")
            affordable -= (memory := check_size(*image.size, "TIFF"))
            if affordable < 0:
                break
            with reserved(memory):
                page = _reduced(upright_rgb(_loaded(image, file)), shorter_side)
            if not _is_blank(page):
                return page
    return None


def _is_blank(image: Image.Image) -> bool:
    return all(low == high for low, high in image.getextrema())


def _loaded(image: Image.Image, file: BinaryIO) -> Image.Image:
    """Decode a frame; 16-bit colour whose high bytes hold next to nothing (10 to 14 bits) is stretched."""
    tiles = image.tile
    image.load()
    rawmode = _rawmode(tiles[0]) if tiles else ""
    deep = image.mode in ("RGB", "RGBA") and rawmode[-3:-1] == "16"
    if not deep or max(high for _, high in image.getextrema()[:3]) >= 128:
        return image
    file.seek(0)
    with Image.open(file, formats=(image.format,)) as other:
        other.seek(image.tell())
        if any(_rawmode(tile) != rawmode for tile in other.tile):
            return image
        other.tile = [_in_other_order(tile) for tile in other.tile]
        other.load()

        def rows(top: int, bottom: int) -> np.ndarray:
            box = (0, top, image.width, bottom)
            if rawmode == _GREY_AND_ALPHA:
                grey = np.asarray(other.crop(box))[:, :, :2]
                return np.ascontiguousarray(grey).view(">u2")[:, :, 0]
            high, low = (np.asarray(part.crop(box))[:, :, :3].astype(np.uint16) for part in (image, other))
            return high << 8 | low

        result = _stretched(image.size, rows)
    if image.mode == "RGBA":
        result.putalpha(image.getchannel("A"))
    result.info = image.info
    return result


def _rawmode(tile) -> str:
    args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
    return args[0] if args and isinstance(args[0], str) else ""


def _in_other_order(tile):
    rawmode = _rawmode(tile)
    swapped = "RGBA" if rawmode == _GREY_AND_ALPHA else rawmode[:-1] + _OTHER_ORDER[rawmode[-1]]
    return tile._replace(args=(swapped, *tile.args[1:]) if isinstance(tile.args, tuple) else swapped)


def jpeg_size(path: Path) -> tuple[int, int] | None:
    """The width and height of a JPEG file when it is upright, read without decoding it; None if that fails,
    and for other files.
    """
    with contextlib.suppress(OSError, ValueError, SyntaxError), path.open("rb") as file:
        head = file.read(formats.HEAD_BYTES)
        file.seek(0)
        if path.is_file() and formats.kind_of(head) == "JPEG":
            with JpegImageFile(file) as image:
                orientation = 1
                with contextlib.suppress(Exception):  # a damaged EXIF block
                    orientation = image.getexif()[_ORIENTATION]
                return image.size if orientation < 5 else image.size[::-1]
    return None


def upright_rgb(image: Image.Image) -> Image.Image:
    """Turn a decoded picture upright and bring it to 8-bit RGB in sRGB, without any metadata."""
    profile = image.info.get("icc_profile")
    negative = getattr(image, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    with contextlib.suppress(Exception):  # a damaged EXIF block says nothing about the pixels
        # Not ImageOps.exif_transpose: it fails, the picture unturned, when another EXIF tag is damaged.
        image = image.transpose(_TO_UPRIGHT[image.getexif()[_ORIENTATION]])
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        deep = image
        image = _stretched(deep.size, lambda top, bottom: np.asarray(deep.crop((0, top, deep.width, bottom))))
        if negative:  # with 8 bits Pillow has seen to it
            image = ImageChops.invert(image)
    result = _over_white(image, profile) if image.has_transparency_data else to_srgb(image, profile)
    result = result.copy() if result is image else result
    result.info = {}
    return result


def _over_white(image: Image.Image, profile: bytes | None) -> Image.Image:
    result = Image.new("RGB", image.size)
    boxes = [(0, top, image.width, bottom) for top, bottom in _strips(*image.size)]
    # Programs without a use for opacity may leave it 0 everywhere, over colours that are meant to be seen.
    transparent = not any(_opacity(image.crop(box)).getbbox() for box in boxes)
    for box in boxes:
        strip = _straight(image.crop(box))
        colours = to_srgb(strip.convert("L" if strip.mode in ("L", "LA") else "RGB"), profile)
        if not transparent:
            white = Image.new("RGB", strip.size, "white")
            colours = Image.composite(colours, white, _opacity(strip))
        result.paste(colours, box)
    return Image.new("RGB", image.size, "white") if transparent and _is_blank(result) else result


def _straight(image: Image.Image) -> Image.Image:
    """A picture whose colours are not multiplied by their opacity."""
    return image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, image.mode))


def _opacity(image: Image.Image) -> Image.Image:
    return _straight(image).convert("RGBA").getchannel("A")


def _stretched(size: tuple[int, int], rows: Callable[[int, int], np.ndarray]) -> Image.Image:
    """An 8-bit image (L or RGB) of deep values; `rows` gives those from one row up to another."""
    step = max(1, round((size[0] * size[1] / _SAMPLED_VALUES) ** 0.5))
    sample = np.concatenate([rows(top, bottom)[::step, ::step].ravel() for top, bottom in _strips(*size)])
    low, high = tonal_range(sample)
    result = None
    for top, bottom in _strips(*size):
        strip = Image.fromarray(to_8_bit(rows(top, bottom), low, high))
        result = result or Image.new(strip.mode, size)
        result.paste(strip, (0, top))
    return result


def _strips(width: int, height: int) -> Iterator[tuple[int, int]]:
    """The first and last row of strips of a picture: work on one at a time takes little memory."""
    step = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, step):
        yield top, min(top + step, height)


def _reduced(image: Image.Image, shorter_side: int | None) -> Image.Image:
    factor = min(image.size) // (2 * shorter_side) if shorter_side else 1
    return image.reduce(factor) if factor > 1 else image


def thumbnail(image: Image.Image, longest_side: int) -> bytes:
    """A WebP of `image` that fits a square of `longest_side` pixels, for showing on a page."""
    small = image.copy()
    small.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=72, method=2)  # half the bytes of a JPEG that looks the same
    return buffer.getvalue()
