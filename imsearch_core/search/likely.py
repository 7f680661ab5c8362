"""Tells pictures that probably show what a text says from those that are merely the nearest.

The nearest pictures of a text always exist, and their cosines alone do not tell whether they show it: some
pictures are close to every text, and each encoder has its own range of cosines. So each picture is
compared with a fixed bank of phrases that few collections show (data/unrelated_phrases.txt). A cosine's
*standing* is how many standard deviations it lies above the picture's cosines to the bank. A picture is
likely if its standing is higher than that of nearly any phrase of the bank at its own best picture: above
their median by MARGIN times the distance from their 16th percentile to their median, which is one
standard deviation of a normal distribution. The upper half is not looked at, because a collection may show
some phrases of the bank after all.

Measured with the default encoder's word search, untrained. MARGIN was chosen on 681 photos (voc20): 4 of
146 words and phrases that no photo shows had a likely picture, and 48 of 50 right first pictures of class
names and everyday words were likely. With phrases that played no part in the choice (data/absent_phrases.txt;
those that the photos show after all are left out of it): of 110 that the table of words knows, 6 (5 %) had a
likely picture; of 97 right first pictures for the names of 100 other photos (imagenet100), 89 (92 %) were
likely. Whole captions are another matter: read word by word, they stand out little, and of 52 right first
pictures 21 were likely. No published text tower has been measured; `bench words` measures one.
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

    def standing(self, cosines: np.ndarray) -> np.ndarray:
        """float32 [n] for the cosines float32 [n] of all pictures to one text."""
        return (cosines - self.mean) / np.maximum(self.spread, _TINY)

    def likely(self, cosines: np.ndarray) -> np.ndarray:
        """bool [n] for the cosines float32 [n] of all pictures to one text."""
        return self.standing(cosines) >= self.least


def calibrate(cosines_to: CosinesTo, bank: np.ndarray) -> Calibration:
    """Compare a collection with the bank, float32 [b, d] in the space of `cosines_to`.

    `cosines_to(vector)` gives the cosine float32 [n] of each picture to a vector of that space. The bank is
    gone through twice, so that memory grows with the pictures alone.
    """
    total = squares = 0.0
    for vector in bank:
        cosines = cosines_to(vector).astype(np.float64)
        total, squares = total + cosines, squares + cosines * cosines
    mean = total / len(bank)
    spread = np.sqrt(np.maximum(squares / len(bank) - mean * mean, 0))
    found = Calibration(mean.astype(np.float32), spread.astype(np.float32), np.inf)
    low, middle = np.percentile([found.standing(cosines_to(vector)).max() for vector in bank], [16, 50])
    return Calibration(found.mean, found.spread, float(middle + MARGIN * (middle - low)))


def kept_calibration(path: Path, made_by: str, cosines_to: CosinesTo, bank: np.ndarray) -> Calibration:
    """As `calibrate`, but kept in a file, and read from there the next time.

    `made_by` names the embeddings and whatever else the cosines depend on. A file that was made by something
    else, or is damaged, is made again.
    """
    key = hashlib.sha256(repr((made_by, MARGIN)).encode() + bank.tobytes()).hexdigest()
    kept = read_arrays(path)
    if str(kept.get("key")) == key:
        return Calibration(kept["mean"], kept["spread"], float(kept["least"]))
    found = calibrate(cosines_to, bank)
    with suppress(OSError):
        write_arrays(path, key=key, mean=found.mean, spread=found.spread, least=found.least)
    return found
