"""Tells pictures that probably show what a text says from those that are merely the nearest.

The nearest pictures of a text always exist, and their cosines alone do not tell whether they show it: some
pictures are close to every text, and each encoder has its own range of cosines. So each picture is
compared with a fixed bank of phrases that few collections show (data/unrelated_phrases.txt). A cosine's
*standing* is how many standard deviations it lies above the picture's cosines to the bank.

Where it is known how close to the text an ImageNet class comes at best, a picture as close as that gains
NEARNESS more, and others in proportion. That is known without any pictures, so it helps most where they are
few, and the best for "school bus" may be a train; and it is fair to sentences, to which nothing comes very
close. What comes no closer than LEAST_CLOSE counts as if it did.

A picture is likely if its standing is higher than that of PASSED % of the bank's phrases, each at its own
best picture. As a collection may show some of these phrases after all, it also suffices to lie above their
median by MARGIN times the distance from their 16th percentile to their median, which is one standard
deviation of a normal distribution. And where one picture stands out far, others that do so by less than
BEST_SHARE of that are not likely: a cow, where there is a dog.

`bench words` measures this, and docs/words.md has the figures. All constants were chosen with the table of
words, on parts of voc20, imagenet100 and the illustrated set. No published text tower has been measured.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from imsearch_core.files import SHIPPED, read_arrays, write_arrays

MARGIN = 3.0
NEARNESS = 8.0
LEAST_CLOSE = 0.3
PASSED = 94
BEST_SHARE = 0.7
CALIBRATION = "likely.npz"
"""The file in the folder of a collection's embeddings."""
_TINY = 1e-6  # instead of dividing by zero

CosinesTo = Callable[[np.ndarray], np.ndarray]


@cache
def unrelated_phrases() -> tuple[str, ...]:
    """The bank."""
    return tuple((SHIPPED / "unrelated_phrases.txt").read_text("utf-8").splitlines())


@dataclass(frozen=True)
class Calibration:
    """What the cosines of one collection to texts mean."""

    mean: np.ndarray
    """float32 [n]: of each picture's cosines to the bank."""
    spread: np.ndarray
    """float32 [n]: their standard deviation."""
    least: float
    """The standing from which a picture is likely."""

    def standing(self, cosines: np.ndarray, closest: float = np.inf) -> np.ndarray:
        """float32 [n] for the cosines float32 [n] of all pictures to one text.

        `closest` is how close to the text an ImageNet class comes; infinite if that is not known.
        """
        nearness = cosines / max(closest, LEAST_CLOSE)
        return (cosines - self.mean) / np.maximum(self.spread, _TINY) + np.float32(NEARNESS) * nearness

    def likely(self, cosines: np.ndarray, closest: float = np.inf) -> np.ndarray:
        """bool [n] for the cosines float32 [n] of all pictures to one text."""
        standing = self.standing(cosines, closest)
        return standing >= max(self.least, BEST_SHARE * standing.max())


def calibrate(cosines_to: CosinesTo, bank: np.ndarray, closest: np.ndarray | None = None) -> Calibration:
    """Compare a collection with the bank, float32 [b, d] in the space of `cosines_to`.

    `cosines_to(vector)` gives the cosine float32 [n] of each picture to a vector of that space; `closest`
    float32 [b] is how close to each phrase an ImageNet class comes, where that is known. The bank is
    gone through twice, so that memory grows with the pictures alone.
    """
    closest = np.full(len(bank), np.inf) if closest is None else closest
    total = squares = 0.0
    for vector in bank:
        cosines = cosines_to(vector).astype(np.float64)
        total, squares = total + cosines, squares + cosines * cosines
    mean = total / len(bank)
    spread = np.sqrt(np.maximum(squares / len(bank) - mean * mean, 0))
    found = Calibration(mean.astype(np.float32), spread.astype(np.float32), np.inf)
    highest = [found.standing(cosines_to(v), c).max() for v, c in zip(bank, closest, strict=True)]
    low, middle, few = np.percentile(highest, [16, 50, PASSED])
    return Calibration(found.mean, found.spread, float(min(few, middle + MARGIN * (middle - low))))


def kept_calibration(
    path: Path, made_by: str, cosines_to: CosinesTo, bank: np.ndarray, closest: np.ndarray | None = None
) -> Calibration:
    """As `calibrate`, but kept in a file, and read from there the next time.

    `made_by` names the embeddings and whatever else the cosines depend on. A file that was made by something
    else, or is damaged, is made again.
    """
    settings = made_by, MARGIN, NEARNESS, PASSED, closest is None
    key = hashlib.sha256(repr(settings).encode() + bank.tobytes()).hexdigest()
    kept = read_arrays(path)
    if str(kept.get("key")) == key:
        return Calibration(kept["mean"], kept["spread"], float(kept["least"]))
    found = calibrate(cosines_to, bank, closest)
    with suppress(OSError):
        write_arrays(path, key=key, mean=found.mean, spread=found.spread, least=found.least)
    return found
