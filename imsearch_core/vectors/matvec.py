"""Products with a large matrix, on all processors, in blocks that fit into their caches."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

# Of float32. Smaller blocks make threads wait for the interpreter; larger ones do not fit into the cache.
_BLOCK_BYTES = 1 << 20
_STREAMS = 4  # parts of a block read in turn: 1.5 times as fast from memory as reading it straight
_WORTH_THREADS = 1 << 26  # bytes; less takes less time than starting threads


def product(matrix: np.ndarray, vector: np.ndarray, square: bool = False) -> np.ndarray:
    """float32 [r]: `matrix` [r, d] of any numeric dtype, or its squares, times `vector` float32 [d]."""
    matrix = np.asarray(matrix)  # slicing a memmap is slower, and blocks the interpreter
    rows, dimension = matrix.shape
    result = np.empty(rows, np.float32)
    step = _STREAMS * max(1, _BLOCK_BYTES // (4 * dimension * _STREAMS))

    def run(start: int, end: int) -> None:
        buffer = np.empty((step, dimension), np.float32)
        for first in range(start, end, step):
            last = min(first + step, end)
            block = buffer[: last - first]
            streams = 1 if len(block) % _STREAMS else _STREAMS
            places = matrix[first:last].reshape(streams, -1, dimension)
            np.copyto(block.reshape(-1, streams, dimension), places.swapaxes(0, 1))
            if square:
                np.multiply(block, block, out=block)
            result[first:last].reshape(streams, -1)[:] = (block @ vector).reshape(-1, streams).T

    stripes(run, rows, matrix.nbytes)
    return result


def stripes(run: Callable[[int, int], Any], n: int, size: int) -> list[Any]:
    """The results of `run(start, end)` for stripes of 0 … n, in parallel if `size` bytes are worth it."""
    if size < _WORTH_THREADS:
        return [run(0, n)]
    bounds = np.linspace(0, n, processors() + 1).astype(int).tolist()
    with single_threaded_blas():
        return list(_pool().map(run, bounds[:-1], bounds[1:]))


def single_threaded_blas() -> AbstractContextManager:
    """Within the block, BLAS starts no threads: its own would compete with ours."""
    return _blas().limit(limits=1, user_api="blas")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(processors(), "blocks")


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
