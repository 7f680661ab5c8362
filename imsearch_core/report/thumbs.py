"""The pictures inside a report: small copies without metadata, each encoded once."""

import base64
import io
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.pictures.thumbnails import thumbnail_of
from imsearch_core.progress import Progress, silent

LARGE = 320
"""Pixels of the longer side, of pictures to look at."""
SMALL = 120
"""The same, of those that hovering over the map shows and of neighbours as evidence."""
_CACHED = 320  # pixels: the size that pages show, which is on disk already
_QUALITY = {LARGE: 68, SMALL: 55}
_WORKERS = 2


class Thumbnails:
    """Small copies of one collection's pictures, as WebP in base64."""

    def __init__(self, photos: Collection) -> None:
        self._photos = photos
        self._made: dict[tuple[str, int], str] = {}

    def prepare(self, files: Iterable[str], side: int, progress: Progress = silent) -> None:
        """Make many at once, in parallel."""
        files = list(files)
        with ThreadPoolExecutor(_WORKERS) as workers:
            for done, _ in enumerate(workers.map(lambda file: self.base64(file, side), files), 1):
                progress(done, len(files))

    def base64(self, file: str, side: int) -> str:
        """The content of a copy, LARGE or SMALL; empty if the picture cannot be read."""
        if (file, side) not in self._made:
            self._made[file, side] = self._make(file, side)
        return self._made[file, side]

    def uri(self, file: str, side: int) -> str:
        """What an <img> takes as its src; empty if the picture cannot be read."""
        content = self.base64(file, side)
        return f"data:image/webp;base64,{content}" if content else ""

    def _make(self, file: str, side: int) -> str:
        if file in self._photos:
            version = self._photos.item(file).version
            content = thumbnail_of(self._photos.folder, file, version, _CACHED).content
            if not content:
                return ""
            with Image.open(io.BytesIO(content)) as image:
                small = image.convert("RGB")
        else:  # a query from elsewhere
            try:
                small = self._photos.open_image(file)
            except ImsearchError:
                return ""
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=_QUALITY[side], method=4, exif=b"", icc_profile=None)
        return base64.b64encode(buffer.getvalue()).decode()
