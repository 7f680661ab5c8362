"""From deep grey or colour values (10 to 32 bits, floats) to the 8 bits that are shown and embedded."""

import numpy as np

_NO_DATA = (
    -32768,
    -32767,
    -9999,
    -99999,
)  # what mapping and thermal software writes where nothing was measured
_LARGEST = 1e30  # float32's lowest value, -3.4e38, is a common mark for no data
_WHITES = tuple(2**bits - 1 for bits in (8, 10, 12, 14, 16))  # as cameras and scanners have them
_IGNORED_PERCENT = 0.1  # at either end: hot and dead pixels
_FEW_VALUES = 16  # fewer distinct values are drawn, such as a mask: none of them is an outlier


def tonal_range(values: np.ndarray) -> tuple[float, float]:
    """The values that become black and white.

    The full range of the smallest usual bit depth that holds the values (for fractions 0 to 1, 8 or 16 bits)
    if they use at least half of it, else their own range without no-data values and outliers. Both are equal
    if the values are, and (0, 0) if none is a number.
    """
    values = values[np.isfinite(values)].astype(np.float64)
    values = _without_outliers(values[np.abs(values) < _LARGEST])
    if not values.size:
        return 0, 0
    low = float(np.percentile(values, _IGNORED_PERCENT, method="lower"))
    high = float(np.percentile(values, 100 - _IGNORED_PERCENT, method="higher"))
    if low == high and low in (0, *_WHITES):
        return 0, _WHITES[-1]
    fractions = bool((values % 1).any()) or high <= 1
    whites = (1, 255, 65535) if fractions else _WHITES
    white = next((white for white in whites if white >= high), None)
    if low >= 0 and white and high - low >= white / 2:
        return 0, white
    return low, high


def _without_outliers(values: np.ndarray) -> np.ndarray:
    """Drop no-data marks, and a lowest or highest value that is farther off than all others are apart."""
    while (distinct := np.unique(values)).size > _FEW_VALUES:
        if distinct[0] in _NO_DATA or distinct[1] - distinct[0] > distinct[-1] - distinct[1]:
            values = values[values > distinct[0]]
        elif distinct[-1] - distinct[-2] > distinct[-2] - distinct[0]:
            values = values[values < distinct[-1]]
        else:
            break
    return values


def to_8_bit(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Map `low` to 0 and `high` to 255: uint8 of the same shape; mid grey if the two are equal.

    Values outside are clipped; what is not a number becomes black.
    """
    if high <= low:
        return np.full(values.shape, 128, np.uint8)
    clipped = np.nan_to_num(values.astype(np.float64), nan=low).clip(low, high)
    return ((clipped - low) * (255 / (high - low))).round().astype(np.uint8)
