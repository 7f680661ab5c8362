"""PyTorch's legacy checkpoints: read exactly, and nothing in them is ever run."""

import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pytest

from imsearch_core.encoders.torch_checkpoint import read_legacy_checkpoint

MAGIC = 0x1950A86A20F9469CFC6C
WEIGHT = np.arange(12, dtype="<f4").reshape(3, 4) / 7
COUNT = np.array([-1, 2**40], "<i8")


@dataclass(frozen=True)
class Name:
    """Pickled as a reference to a Python object, which need not exist here."""

    module: str
    name: str


@dataclass(frozen=True)
class Storage:
    """Pickled as a persistent id, as torch does."""

    key: str
    data: np.ndarray


@dataclass(frozen=True)
class Tensor:
    """Pickled as the call that torch rebuilds a tensor with."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Pickler(pickle._Pickler):
    def persistent_id(self, obj):
        if isinstance(obj, Storage):
            kind = {"<f4": "FloatStorage", "<i8": "LongStorage"}[obj.data.dtype.str]
            return "storage", Name("torch", kind), obj.key, "cpu", obj.data.size, None
        return None

    def save_name(self, obj):
        self.write(f"c{obj.module}\n{obj.name}\n".encode())

    def save_tensor(self, obj):
        self.save(Name("torch._utils", "_rebuild_tensor_v2"))
        self.save((obj.storage, obj.offset, obj.shape, obj.strides, False, OrderedDict()))
        self.write(pickle.REDUCE)

    dispatch = {**pickle._Pickler.dispatch, Name: save_name, Tensor: save_tensor}  # noqa: RUF012


def pickled(value) -> bytes:
    buffer = io.BytesIO()
    Pickler(buffer, protocol=2).dump(value)
    return buffer.getvalue()


def checkpoint(state: dict, magic=MAGIC, protocol=1001, count=None) -> bytes:
    """What torch.save wrote before version 1.6; `count` falsifies the storages' lengths."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"int": 4}}
    storages = {tensor.storage.key: tensor.storage.data for tensor in state.values()}
    parts = [pickled(part) for part in (magic, protocol, system, OrderedDict(state), sorted(storages))]
    for _, data in sorted(storages.items()):
        parts += [struct.pack("<Q", data.size if count is None else count), data.tobytes()]
    return b"".join(parts)


def tiny() -> dict[str, Tensor]:
    floats, longs = Storage("94", WEIGHT.ravel()), Storage("17", COUNT)
    return {
        "weight": Tensor(floats, 0, (3, 4), (4, 1)),
        "transposed": Tensor(floats, 0, (4, 3), (1, 4)),
        "middle": Tensor(floats, 5, (2,), (1,)),
        "column": Tensor(floats, 1, (3,), (4,)),
        "scalar": Tensor(floats, 11, (), ()),
        "count": Tensor(longs, 0, (2,), (1,)),
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tiny.pth"


def refusal(path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not a legacy PyTorch checkpoint: ") as raised:
        read_legacy_checkpoint(path)
    assert str(raised.value).startswith(str(path))
    return str(raised.value)


def test_tensors_are_read_back_exactly_with_their_strides_offsets_and_shared_storages(path):
    path.write_bytes(checkpoint(tiny()))
    state = read_legacy_checkpoint(path)
    expected = {
        "weight": WEIGHT,
        "transposed": WEIGHT.T,
        "middle": WEIGHT.ravel()[5:7],
        "column": WEIGHT[:, 1],
        "scalar": WEIGHT[2, 3],
        "count": COUNT,
    }
    assert list(state) == list(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(state[name], values)
        assert state[name].dtype == values.dtype
        assert state[name].flags.c_contiguous


def test_a_checkpoint_without_tensors_is_empty(path):
    path.write_bytes(checkpoint({}))
    assert read_legacy_checkpoint(path) == {}


class Reduced:
    """Pickled as a call of `function`."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("place", range(5), ids=["magic", "protocol", "system", "state", "keys"])
@pytest.mark.parametrize("function", [os.system, eval, __import__, getattr, pickle.loads])
def test_a_hostile_pickle_is_refused_and_not_run(path, tmp_path, monkeypatch, place, function):
    monkeypatch.chdir(tmp_path)
    argument = {os.system: "echo > owned", eval: "open('owned', 'w')", pickle.loads: b"N."}
    parts = [pickled(part) for part in (MAGIC, 1001, {}, OrderedDict(), [])]
    hostile = pickle.dumps(Reduced(function, argument.get(function, "antigravity")), protocol=2)
    parts[place] = hostile
    assert "is not allowed in a checkpoint" in refusal(path, b"".join(parts))
    assert not (tmp_path / "owned").exists()


def test_the_hostile_pickle_of_these_tests_would_run_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(Reduced(os.system, "echo > owned"), protocol=2))
    assert (tmp_path / "owned").exists()


@pytest.mark.parametrize("name", ["DoubleStorage", "HalfStorage", "load"])
def test_other_types_of_torch_are_refused_by_name(path, name):
    content = checkpoint(tiny()).replace(b"ctorch\nFloatStorage\n", f"ctorch\n{name}\n".encode())
    assert f"torch.{name} is not allowed in a checkpoint" in refusal(path, content)


def test_a_checkpoint_truncated_anywhere_is_refused_by_name(path):
    content = checkpoint(tiny())
    for size in range(len(content)):
        refusal(path, content[:size])


@pytest.mark.parametrize("count", [13, 2**40, 2**61, 2**63 - 1, 2**64 - 1])
def test_a_storage_that_claims_more_than_the_file_holds_is_refused(path, count):
    assert "the file ends inside a tensor" in refusal(path, checkpoint(tiny(), count=count))


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (3, 5), (5, 1)),
        (12, (1,), (1,)),
        (11, (2,), (1,)),
        (0, (2, 2), (12, 1)),
        (-1, (2,), (1,)),
        (4, (2,), (-1,)),
        (0, (-3,), (1,)),
        (0, (2**40,), (1,)),
        (0, (2,), (2**62,)),
    ],
)
def test_a_tensor_that_extends_beyond_its_storage_is_refused(path, offset, shape, strides):
    state = {"weight": Tensor(Storage("0", WEIGHT.ravel()), offset, shape, strides)}
    assert "a tensor extends beyond its storage" in refusal(path, checkpoint(state))


def test_shape_and_strides_of_different_lengths_are_refused(path):
    refusal(path, checkpoint({"weight": Tensor(Storage("0", WEIGHT.ravel()), 0, (3, 4), (1,))}))


@pytest.mark.parametrize("changed", [{"magic": 1}, {"protocol": 1002}, {"magic": "text"}])
def test_another_magic_number_or_protocol_is_refused(path, changed):
    assert "magic number and protocol version" in refusal(path, checkpoint(tiny(), **changed))


def test_todays_zip_format_is_refused(path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(OrderedDict()))
    refusal(path, buffer.getvalue())


@pytest.mark.parametrize("content", [b"", b"\0", b"text\n" * 50, pickle.dumps({"weight": [1.0]}, 2)])
def test_files_of_other_kinds_are_refused(path, content):
    refusal(path, content)


@pytest.mark.parametrize("state", [[1, 2], {"weight": 3}, None, {"weight": Storage("0", COUNT)}])
def test_a_state_with_anything_but_tensors_is_refused(path, state):
    refusal(path, b"".join(pickled(part) for part in (MAGIC, 1001, {}, state, ["0"])))
