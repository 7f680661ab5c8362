"""Reads a PyTorch checkpoint in the legacy (pre-1.6, not zip) format without PyTorch.

The file is a sequence of pickles followed by raw data (see ``_legacy_save`` in torch/serialization.py):
magic number, protocol version, system information, the state dict whose persistent ids name
storages, the list of storage keys, then per storage an int64 element count and its elements.
"""

import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple

import numpy as np

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


class _FloatStorage:
    dtype = np.dtype("<f4")


class _LongStorage:
    dtype = np.dtype("<i8")


class _TensorView(NamedTuple):
    """The place of a tensor in its storage; offsets and strides count elements."""

    storage_key: str
    dtype: np.dtype
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self, storages: dict[str, np.ndarray]) -> np.ndarray:
        data = storages[self.storage_key]
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        if min((self.offset, *self.shape, *self.strides), default=0) < 0 or last >= data.size:
            raise ValueError("a tensor extends beyond its storage")
        byte_strides = tuple(s * data.itemsize for s in self.strides)
        view = np.lib.stride_tricks.as_strided(data[self.offset :], self.shape, byte_strides)
        return np.ascontiguousarray(view)


def _rebuild_tensor(storage, offset, shape, strides, *_ignored) -> _TensorView:
    key, dtype = storage
    return _TensorView(key, dtype, offset, tuple(shape), tuple(strides))


class _Unpickler(pickle.Unpickler):
    """Only builds the four types below, so that a hostile file cannot run code."""

    _ALLOWED: ClassVar = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
        ("torch", "FloatStorage"): _FloatStorage,
        ("torch", "LongStorage"): _LongStorage,
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a checkpoint") from None

    def persistent_load(self, pid: tuple) -> tuple[str, np.dtype]:
        _kind, storage_type, key, _device, _count, _view = pid
        return key, storage_type.dtype


def _read_storage(file: BinaryIO, dtype: np.dtype) -> np.ndarray:
    size = int.from_bytes(file.read(8), "little") * dtype.itemsize
    if size > os.fstat(file.fileno()).st_size - file.tell():
        raise EOFError("the file ends inside a tensor")
    return np.frombuffer(file.read(size), dtype)


def read_legacy_checkpoint(path: Path) -> dict[str, np.ndarray]:
    """Return the state dict in `path` as {name: array}, float32 or int64, in torch's layouts.

    Raises ValueError, with the file's name, if it is not such a checkpoint or is incomplete.
    """
    try:
        with path.open("rb") as file:
            if _Unpickler(file).load() != _MAGIC or _Unpickler(file).load() != _PROTOCOL:
                raise ValueError("it does not have the legacy format's magic number and protocol version")
            _Unpickler(file).load()  # system information
            views: dict[str, _TensorView] = _Unpickler(file).load()
            keys: list[str] = _Unpickler(file).load()
            dtypes = {view.storage_key: view.dtype for view in views.values()}
            storages = {key: _read_storage(file, dtypes[key]) for key in keys}
        return {name: view.read(storages) for name, view in views.items()}
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a legacy PyTorch checkpoint: {error}") from error
