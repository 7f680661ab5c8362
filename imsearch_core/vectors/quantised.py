"""A compact copy of large matrices of embeddings: one byte per number, for comparing with all of them.

Scalar quantisation (as in H. Jégou et al., faiss, SQ8): row x is stored as integers c from -127 to 127
and a scale s = max|x|/127, so that x ≈ s·c, with an error of at most s/2 in each number. Products with
the copy choose candidates, whose final cosines come from the float32 rows (`Embeddings.nearest`). It takes
a quarter of the memory at the speed of a float32 matrix-vector product: blocks of rows are widened to
float32 in the processor's cache.

It has two files next to the matrix: `<matrix>.i8` holds the codes, and is append-only like the matrix;
`<matrix>.npz` holds scales, the rows' exact lengths and a CRC-32 of every block of codes, which is checked
when the codes are first read.
"""

import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from imsearch_core.errors import ImsearchError
from imsearch_core.files import read_arrays, write_arrays
from imsearch_core.vectors.mapped import guard_of
from imsearch_core.vectors.matvec import product, stripes

QUANTISE_ABOVE = 1 << 30  # bytes of float32 rows
_CHECKED = 1024  # rows under one checksum


def is_large(float32_bytes: int) -> bool:
    """Whether a matrix of this many bytes gets a compact copy."""
    return float32_bytes > QUANTISE_ABOVE


class Quantised:
    """The codes of a matrix. Read-only."""

    def __init__(
        self, codes: np.ndarray, scales: np.ndarray, norms: np.ndarray, checks: np.ndarray | None
    ) -> None:
        """`codes` int8 [r, d]; `scales` and `norms` float32 [r].

        `checks` uint32 [r / 1024, rounded up] are the checksums of codes in a file; None for codes in memory.
        """
        self._codes, self._scales, self._checks = codes, scales, checks
        self.norms = norms
        """float32 [r]: the exact Euclidean length of each row."""
        self._checking = threading.Lock()
        self._intact = checks is None
        self._guard = guard_of(codes)

    def __len__(self) -> int:
        return len(self._codes)

    def dot(self, vector: np.ndarray) -> np.ndarray:
        """float32 [r]: the inner product of each row with `vector` float32 [d], approximately."""
        return self._product(vector) * self._scales

    def squares(self, weights: np.ndarray) -> np.ndarray:
        """float32 [r]: Σ weights·row² for `weights` float32 [d], approximately."""
        return self._product(weights, square=True) * self._scales**2

    def _product(self, vector: np.ndarray, square: bool = False) -> np.ndarray:
        self._guard()
        with self._checking:
            if not self._intact:
                self._check()
                self._intact = True
        return product(self._codes, vector, square)

    def _check(self) -> None:
        """Raises ImsearchError, and deletes the copy so that it is made again, if its bytes have changed."""

        def intact(start: int, end: int) -> bool:
            return all(
                zlib.crc32(self._codes[block * _CHECKED : (block + 1) * _CHECKED]) == self._checks[block]
                for block in range(start, end)
            )

        if not all(stripes(intact, len(self._checks), self._codes.nbytes)):
            Path(self._codes.filename).unlink(missing_ok=True)
            raise ImsearchError(
                "the compact copy of the embeddings was damaged: open the folder again to have it made again"
            )


def quantise(matrix: np.ndarray) -> Quantised:
    """A compact copy in memory of `matrix` float32 [r, d]."""
    codes = np.empty(matrix.shape, np.int8)
    scales, norms = np.empty(len(matrix), np.float32), np.empty(len(matrix), np.float32)
    for first in range(0, len(matrix), _CHECKED):
        block = slice(first, first + _CHECKED)
        codes[block], scales[block], norms[block] = _quantised(matrix[block])
    return Quantised(codes, scales, norms, None)


def _quantised(block: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes int8 [n, d], scales and lengths float32 [n] of rows float32 [n, d]."""
    peaks = np.abs(block).max(axis=1)
    unit = np.divide(127, peaks, out=np.zeros_like(peaks), where=peaks > 0)
    return np.rint(block * unit[:, None]).astype(np.int8), peaks / 127, np.linalg.norm(block, axis=1)


def quantised_path(matrix: Path) -> Path:
    """The file with the codes of a matrix file; scales and checksums are next to it, as .npz."""
    return matrix.with_suffix(".i8")


def read_quantised(matrix: Path, rows: int, dimension: int) -> Quantised | None:
    """The compact copy of at least the first `rows` rows of a matrix file; None if there is none."""
    path = quantised_path(matrix)
    try:
        saved = read_arrays(path.with_suffix(".npz"))
        scales, norms, checks = saved["scales"], saved["norms"], saved["checks"]
        if len(scales) < rows or path.stat().st_size < len(scales) * dimension:
            return None
        codes = np.memmap(path, np.int8, mode="r", shape=(len(scales), dimension))
    except (OSError, ValueError, KeyError):
        return None
    return Quantised(codes, scales, norms, checks)


def write_quantised(
    matrix: Path, rows: int, dimension: int, check: Callable[[int, np.ndarray], None]
) -> None:
    """Make the compact copy of the first `rows` rows of a matrix file, or extend it to them.

    `check(first, block)` is called with every block read, float32 [n, d]. Only new rows take time.
    """
    path = quantised_path(matrix)
    known = read_quantised(matrix, 0, dimension)
    whole = 0 if known is None else len(known) // _CHECKED * _CHECKED  # an incomplete block is made again
    scales, norms = np.empty(rows, np.float32), np.empty(rows, np.float32)
    checks = np.empty(-(-rows // _CHECKED), np.uint32)
    if known is not None:
        scales[:whole], norms[:whole] = known._scales[:whole], known.norms[:whole]
        checks[: whole // _CHECKED] = known._checks[: whole // _CHECKED]
    path.touch(mode=0o600)
    with matrix.open("rb") as source, path.open("r+b") as codes:
        source.seek(4 * dimension * whole)
        codes.seek(dimension * whole)
        for first in range(whole, rows, _CHECKED):
            last = min(first + _CHECKED, rows)
            block = np.fromfile(source, np.float32, (last - first) * dimension).reshape(-1, dimension)
            check(first, block)
            block_codes, scales[first:last], norms[first:last] = _quantised(block)
            checks[first // _CHECKED] = zlib.crc32(block_codes)
            codes.write(block_codes.tobytes())
    write_arrays(path.with_suffix(".npz"), scales=scales, norms=norms, checks=checks)
