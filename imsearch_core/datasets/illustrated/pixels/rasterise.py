"""From SVG to an array: the only place that calls the renderer."""

from __future__ import annotations

import io

import numpy as np
import resvg_py
from PIL import Image

from ..toolkit.brush import Brush


def rasterise(b: Brush, svg: str, box: tuple[float, float, float, float], scale: float) -> np.ndarray:
    """Render local units ``box`` of ``svg`` at ``scale`` pixels per unit to RGBA."""
    x0, y0, x1, y1 = box
    w, h = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="{x0:.2f} {y0:.2f} {x1 - x0:.2f} {y1 - y0:.2f}" preserveAspectRatio="none">'
        f"{b.defs()}{svg}</svg>"
    )
    png = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True)
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    return np.asarray(image, np.float32) / 255
