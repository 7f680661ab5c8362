"""Pictures that are of little use for learning, by measures of the picture alone.

Dark, bright and near-empty pictures are measured as cleanvision does (github.com/cleanlab/cleanvision): by
the 99th and the 5th percentile of their brightness, and its entropy. So a dim photo in which anything is
lit is not dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class QualityIssue(StrEnum):
    """What may be wrong with a picture."""

    DARK = "dark"
    BRIGHT = "bright"
    BLURRY = "blurry"
    TINY = "tiny"
    ODD_RATIO = "odd aspect ratio"
    EMPTY = "near-empty"
    GREY = "grey among colour"


EXPLANATIONS = {
    QualityIssue.DARK: "Brightness of all but the brightest hundredth of the pixels, 0 to 1: below 0.3.",
    QualityIssue.BRIGHT: "Brightness of all but the darkest twentieth of the pixels, 0 to 1: above 0.9.",
    QualityIssue.BLURRY: "How little the picture changes if it is blurred once more, 0 to 1: above 0.5.",
    QualityIssue.TINY: "Pixels of the shorter side: fewer than 96, so that the encoder has to enlarge it.",
    QualityIssue.ODD_RATIO: "The shorter side divided by the longer one: below 0.35.",
    QualityIssue.EMPTY: "Entropy of the brightness: below 3 of 8 bits.",
    QualityIssue.GREY: "Difference between the colour channels, 0 to 1: below 0.03, where most have colour.",
}
_DARK, _BRIGHT, _BLURRY, _TINY, _ODD_RATIO, _EMPTY, _GREY = 0.3, 0.9, 0.55, 96, 0.35, 3.0, 0.03
_MOSTLY = 0.5  # of the pictures must have colour for a grey one to stand out


@dataclass(frozen=True, slots=True)
class PoorPicture:
    """A picture and one thing that may be wrong with it."""

    file: str
    issue: QualityIssue
    figure: float
    """What was measured: see EXPLANATIONS."""


def quality_issues(files: Sequence[str], signatures: np.ndarray) -> tuple[PoorPicture, ...]:
    """What may be wrong with each picture: by issue, the worst first.

    `signatures` are a SIGNATURE [n] for each of `files`; those of unreadable pictures, all zeros, are passed
    over.
    """
    one = signatures
    known = (one["width"] > 0) & (one["height"] > 0)
    shorter = np.minimum(one["width"], one["height"]).astype(np.float64)
    ratio = shorter / np.maximum(np.maximum(one["width"], one["height"]), 1)
    dark, bright = one["brightest"] < _DARK, one["darkest"] > _BRIGHT
    empty = one["entropy"] < _EMPTY
    grey = (one["colour"] < _GREY) & ~empty & ~dark & ~bright
    stand_out = grey[known].mean() < 1 - _MOSTLY if known.any() else False
    # The figure, whether it is an issue, and whether low figures are the worst.
    measures = {
        QualityIssue.DARK: (one["brightest"], dark, True),
        QualityIssue.BRIGHT: (one["darkest"], bright, False),
        QualityIssue.BLURRY: (one["blur"], (one["blur"] > _BLURRY) & ~empty, False),
        QualityIssue.TINY: (shorter, shorter < _TINY, True),
        QualityIssue.ODD_RATIO: (ratio, ratio < _ODD_RATIO, True),
        QualityIssue.EMPTY: (one["entropy"], empty, True),
        QualityIssue.GREY: (one["colour"], grey & stand_out, True),
    }
    return tuple(
        PoorPicture(files[i], issue, round(float(figure[i]), 4))
        for issue, (figure, found, low_is_worst) in measures.items()
        for i in sorted(
            np.flatnonzero(found & known), key=lambda i: (figure[i] if low_is_worst else -figure[i], files[i])
        )
    )
