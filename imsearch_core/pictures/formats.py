"""Which picture formats are read, and what a file is by its first bytes."""

import importlib

from imsearch_core.errors import BadImage

FORMATS = (
    *("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000"),
    *("ICO", "PSD", "PPM", "PCX", "SGI", "QOI", "DDS"),
)
"""Pillow's names of the formats that it may recognise by their first bytes."""
_READ = """
.jpg .jpeg .jpe .jfif .mpo .png .apng .webp .gif .bmp .dib .tif .tiff .avif .avifs .heic .heif .heics .heifs
.hif .jp2 .j2k .j2c .jpc .jpf .jpx .jxl .ico .psd .ppm .pgm .pbm .pnm .pam .pfm .pcx .sgi .rgb .bw .qoi .dds
.tga
"""
_RAW = """
.3fr .arw .cr2 .cr3 .crw .dcr .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf .rw2 .rwl .srw .x3f
"""
_NOT_READ = """
.svg .svgz .eps .ai .xcf .kra .ora .exr .hdr .icns .cur .wmf .emf .pict .pct .djvu .dcm .fits .xbm .xpm
.ras .jxr .wdp .hdp .jls .bpg .flif .mng .jng .blp .msp
"""
RAW_SUFFIXES = frozenset(_RAW.split())
NOT_READ = frozenset(_NOT_READ.split())
SUFFIXES = RAW_SUFFIXES.union(_READ.split(), NOT_READ)
"""Suffixes, in lower case, of files that are pictures by name, whether or not they can be read."""

HEAD_BYTES = 512
"""How much of a file `kind_of` should see."""
_TGA_FOOTER = b"TRUEVISION-XFILE.\0"
TAIL_BYTES = len(_TGA_FOOTER)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
PAM, COLOUR_PFM = "PAM", "PFM in colour"
_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\0\0\1\0", "ICO"),
    (b"8BPS", "PSD"),
    (b"P7\n", PAM),
    (b"PF\n", COLOUR_PFM),
    (b"PF ", COLOUR_PFM),
    (b"PF\r", COLOUR_PFM),
    (b"FUJIFILMCCD-RAW", "camera RAW"),
    (b"IIRO", "camera RAW"),
    (b"IIRS", "camera RAW"),
    (b"IIU\0", "camera RAW"),
    (b"FOVb", "camera RAW"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"version https://git-lfs", "Git LFS pointer"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
)
_REFUSED = {
    "Git LFS pointer": "a Git LFS pointer: the picture itself was not downloaded (run git lfs pull)",
    "HTML": "a web page, not a picture",
    "SVG": "an SVG drawing: drawings are not supported",
    "PDF": "a PDF document, not a picture",
    "PostScript": "a PostScript document, not a picture",
    "video": "a video, not a picture",
}
PLUGINS = {
    "HEIF": ("pillow_heif", "pillow-heif"),
    "JPEG XL": ("pillow_jxl", "pillow-jxl-plugin"),
    "camera RAW": ("rawpy", "rawpy"),
}


def kind_of(head: bytes) -> str | None:
    """The kind of file that begins with these bytes, such as "JPEG" or "SVG"; None if unknown."""
    if head[8:10] == b"CR" and head[:4] in (b"II*\0", b"MM\0*"):
        return "camera RAW"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _kind_by_brand(head)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    return None


def _kind_by_brand(head: bytes) -> str:
    length = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    return "camera RAW" if b"crx " in brands else "video"


def is_tga(name: str, tail: bytes) -> bool:
    """Whether a file of unknown kind is a TGA, which no first bytes show: by its suffix or footer."""
    return name.lower().endswith(".tga") or tail.endswith(_TGA_FOOTER)


def load_plugin(kind: str) -> tuple[str, ...]:
    """Load what reads this kind of file beyond Pillow, and return the names Pillow knows it by.

    Raises BadImage if the kind is not supported, or if it needs a package that is not installed.
    """
    if kind in _REFUSED:
        raise BadImage(_REFUSED[kind])
    if kind not in PLUGINS:
        return FORMATS
    module, package = PLUGINS[kind]
    try:
        plugin = importlib.import_module(module)
    except ImportError:
        raise BadImage(f"{kind} needs the package {package} (pip install {package})") from None
    if kind == "HEIF":
        plugin.register_heif_opener()
    return {"HEIF": ("HEIF",), "JPEG XL": ("JXL",)}.get(kind, ())
