"""Pictures with captions as HTML, for notebooks: it stands alone, and needs neither styles nor scripts."""

import base64
from collections.abc import Iterable
from html import escape
from pathlib import Path

from imsearch_core.datasets.names import shown
from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image, thumbnail

_SIDE = 200  # pixels
_FIGURE = "margin:0;width:150px;font:13px/1.3 sans-serif;overflow-wrap:anywhere"
_PICTURE = "display:block;width:150px;height:112px;object-fit:contain;background:#8882;border-radius:4px"


def grid_html(title: str, pictures: Iterable[tuple[Path, str]]) -> str:
    """A heading, and a grid of pictures, each the path of a file and its caption."""
    figures = "".join(_figure(path, shown(caption)) for path, caption in pictures)
    return (
        f'<div><p style="font:600 15px sans-serif">{escape(shown(title))}</p>'
        f'<div style="display:flex;flex-wrap:wrap;gap:12px">{figures}</div></div>'
    )


def _figure(path: Path, caption: str) -> str:
    try:
        content = base64.b64encode(thumbnail(open_image(path, _SIDE), _SIDE)).decode()
        picture = f'<img style="{_PICTURE}" src="data:image/webp;base64,{content}" alt="{escape(caption)}">'
    except BadImage as error:
        picture = f'<div style="{_PICTURE}">{escape(str(error))}</div>'
    return f'<figure style="{_FIGURE}">{picture}<figcaption>{escape(caption)}</figcaption></figure>'
