"""Where in a picture an encoder sees a class or a phrase, as numbers and as a coloured overlay."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from imsearch_core.encoders.base import Encoder, Localizer
from imsearch_core.encoders.imagenet import find_class
from imsearch_core.errors import ImsearchError
from imsearch_core.pictures.decode import thumbnail
from imsearch_core.search.occlusion import occlusion_map
from imsearch_core.search.query import Region
from imsearch_core.search.ranking import Phrase

# matplotlib's "inferno", whose lightness rises evenly, without its black end: RGB at equal steps.
_COLOURS = np.array(
    [
        (87, 16, 110),
        (136, 34, 106),
        (188, 55, 84),
        (227, 89, 51),
        (249, 140, 10),
        (249, 201, 50),
        (252, 255, 164),
    ],
    np.float32,
)
_CLEAR_BELOW, _FULL_FROM = 0.2, 0.6  # the colours fade in between these values
_OPACITY = 0.8
_RELIEF = 0.35  # how far the picture's light and shade show through the colours
# The picture itself is faded and darkened, so that nothing else is colourful or bright.
_COLOUR_LEFT = 0.25
_LIGHT_INSIDE, _LIGHT_OUTSIDE = 0.9, 0.55


@dataclass(frozen=True)
class HeatMap:
    """Where an encoder sees a class in one picture. Positions are fractions of its width and height."""

    values: np.ndarray
    """float32 [rows, columns] over `box`: evidence for the class, from 0 (none) to 1 (the strongest)."""
    box: tuple[float, float, float, float]
    """Left, top, right and bottom of the square that the encoder looked at."""
    peak: tuple[float, float] | None
    """Centre of the cell with the strongest evidence, as x and y; None without any evidence."""

    def region(self, least: float = 0.5) -> Region | None:
        """The smallest region that holds every cell of at least `least`; None if there is no evidence."""
        if self.peak is None:
            return None
        rows, columns = np.nonzero(self.values >= least)
        x0, y0, x1, y1 = self.box
        width, height = (x1 - x0) / self.values.shape[1], (y1 - y0) / self.values.shape[0]
        return Region(
            x0 + width * float(columns.min()),
            y0 + height * float(rows.min()),
            min(x0 + width * float(columns.max() + 1), 1.0),
            min(y0 + height * float(rows.max() + 1), 1.0),
        )


def heat_map(encoder: Encoder, image: Image.Image, target: int | str | Phrase) -> HeatMap:
    """Where `encoder` sees something in an RGB picture.

    That is an ImageNet class, by index, WordNet id or name, by the activations of the encoder's own
    classifier; or a phrase, by hiding parts of the picture (see `imsearch_core.search.occlusion`).
    Raises UsageError if there is no such class, ImsearchError if this encoder cannot show it.
    """
    square = encoder.preset.prepare(image)
    if isinstance(target, Phrase):
        found = occlusion_map(encoder, square, target.weights)
    else:
        class_index = find_class(target).index
        if not isinstance(encoder, Localizer):
            raise ImsearchError(f"{encoder.preset.name} cannot show where it sees a class")
        found = encoder.activation_map(square[None], class_index)[0]
    evidence = np.maximum(found, 0)
    strongest = evidence.max()
    values = evidence / strongest if strongest > 0 else evidence
    x0, y0, x1, y1 = box = encoder.preset.seen_box(image.size)
    peak = None
    if strongest > 0:
        rows, columns = values.shape
        row, column = np.unravel_index(values.argmax(), values.shape)
        x, y = (int(column) + 0.5) / columns, (int(row) + 0.5) / rows
        peak = x0 + (x1 - x0) * x, y0 + (y1 - y0) * y
    return HeatMap(values, box, peak)


def overlay(image: Image.Image, heat: HeatMap, longest_side: int) -> bytes:
    """A WebP of `image`, at most `longest_side` pixels wide and high, with `heat` glowing on top.

    The picture is faded, and darkened where the encoder did not look.
    """
    small = image.copy()
    small.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    x0, y0, x1, y1 = heat.box
    columns = slice(*_pixels(x0, x1, small.width))
    rows = slice(*_pixels(y0, y1, small.height))
    pixels = np.asarray(small, np.float32)
    grey = np.asarray(small.convert("L"), np.float32)[..., None]
    faded = grey + _COLOUR_LEFT * (pixels - grey)
    shown = _LIGHT_OUTSIDE * faded
    inside = shown[rows, columns]  # a view
    values = _magnified(heat.values, inside.shape[1], inside.shape[0])
    ramp = np.clip((values - _CLEAR_BELOW) / (_FULL_FROM - _CLEAR_BELOW), 0, 1)
    opacity = _OPACITY * (ramp * ramp * (3 - 2 * ramp))[..., None]  # smooth at both ends
    glow = _coloured(values) * (1 - _RELIEF * (1 - grey[rows, columns] / 255))
    inside[:] = _LIGHT_INSIDE * faded[rows, columns] * (1 - opacity) + glow * opacity
    return thumbnail(Image.fromarray(shown.round().astype(np.uint8)), longest_side)


def _pixels(start: float, end: float, size: int) -> tuple[int, int]:
    """Whole pixels from `start` to `end`, fractions of `size`; at least one."""
    first = min(round(start * size), size - 1)
    return first, max(round(end * size), first + 1)


def _magnified(values: np.ndarray, width: int, height: int) -> np.ndarray:
    large = Image.fromarray(values).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(large).clip(0, 1)


def _coloured(values: np.ndarray) -> np.ndarray:
    """RGB 0-255 [..., 3] for values 0-1."""
    steps = np.linspace(0, 1, len(_COLOURS))
    return np.stack([np.interp(values, steps, channel) for channel in _COLOURS.T], axis=-1)
