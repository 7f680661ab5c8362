"""What an encoder computes on: the processors, or a GPU; and how many pictures it is given at a time."""

import subprocess
from dataclasses import dataclass
from functools import cache

_PICTURE = 32 << 20  # bytes that a picture needs on its way through the largest network
_MOST = 256  # pictures at a time: more are no faster
_ASK = ("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
_CUDA, _CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


@dataclass(frozen=True)
class Device:
    """What computes."""

    name: str
    """Such as "CPU" or "NVIDIA A10G"."""
    memory: int | None = None
    """Bytes of a GPU's own memory; None for the processors, or if unknown."""


PROCESSORS = Device("CPU")


def device_of(encoder: object) -> Device:
    """What an encoder computes on: the processors, unless it says otherwise."""
    return getattr(encoder, "device", PROCESSORS)


def batch_size(device: Device, workers: int, least: int) -> int:
    """How many pictures each of `workers` threads gives a device at a time, `least` or a multiple of that."""
    room = (device.memory or 0) // (workers * _PICTURE)
    return max(least, min(_MOST, room) // least * least)


def tensorflow_device() -> Device:
    """What TensorFlow, which is imported already, computes on."""
    import tensorflow as tf

    return _gpu() if tf.config.list_physical_devices("GPU") else PROCESSORS


def providers(available: list[str]) -> list[str]:
    """Those of ONNX Runtime's `available` providers that we use, the best first."""
    return [provider for provider in (_CUDA, _CPU) if provider in available]


def provider_device(used: list[str]) -> Device:
    """What a session of ONNX Runtime computes on that `used` these providers."""
    return _gpu() if _CUDA in used else PROCESSORS


@cache
def _gpu() -> Device:
    """The first GPU, as NVIDIA's driver describes it."""
    try:
        said = subprocess.run(_ASK, capture_output=True, text=True, timeout=10, check=True).stdout
        name, megabytes = said.splitlines()[0].rsplit(",", 1)
        return Device(name.strip(), int(megabytes) << 20)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):  # a GPU of another maker
        return Device("GPU")
