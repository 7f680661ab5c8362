"""Runs one tower of a model with ONNX Runtime."""

import threading
from functools import cached_property
from pathlib import Path

import numpy as np

from imsearch_core.encoders.device import Device, provider_device, providers
from imsearch_core.errors import ImsearchError

_OUTPUTS = ("image_embeds", "text_embeds", "pooler_output", "last_hidden_state")
_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


class Graph:
    """An ONNX graph, loaded on first use. Threads may share it. Each run uses `threads`, or all processors.

    Raises ImsearchError, naming the file, if it cannot be loaded or used.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        self._path, self._threads = path, threads
        self._loading = threading.Lock()

    def embeddings(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """float32 [n, d] for inputs [n, …]; the graph takes those it knows."""
        wanted = self._loaded.get_inputs()
        if unknown := [node.name for node in wanted if node.name not in inputs]:
            raise ImsearchError(
                f"{self._path} asks for the input {unknown[0]}, which is not supported: "
                f"one graph for each tower is needed"
            )
        given = {node.name: inputs[node.name].astype(_TYPES[node.type], copy=False) for node in wanted}
        count, batch = len(next(iter(given.values()))), wanted[0].shape[0]
        step = batch if isinstance(batch, int) else max(1, count)
        found = np.concatenate(
            [
                self._run({name: values[first : first + step] for name, values in given.items()})
                for first in range(0, count, step)
            ]
        )
        if found.ndim == 3:
            found = found[:, 0]  # of a sequence, the first token stands for the whole
        return found.astype(np.float32, copy=False)

    @property
    def device(self) -> Device:
        """What it runs on."""
        return provider_device(self._loaded.get_providers())

    def input_shape(self, name: str) -> list[int | str] | None:
        """The shape of an input, in which a size that may vary has a name; None if there is no such input."""
        return next((node.shape for node in self._loaded.get_inputs() if node.name == name), None)

    def _run(self, given: dict[str, np.ndarray]) -> np.ndarray:
        try:
            return self._loaded.run([self._output], given)[0]
        except Exception as error:  # the library raises many types, none of them public
            shapes = ", ".join(f"{name} {list(values.shape)}" for name, values in given.items())
            raise ImsearchError(f"{self._path} cannot be used with {shapes}: {_first_line(error)}") from error

    @property
    def _loaded(self):
        with self._loading:
            return self._session

    @cached_property
    def _session(self):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4  # what fails is raised as well
        options.intra_op_num_threads = self._threads or 0
        # Threads that wait leave the processor to others.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(
                str(self._path), options, providers(onnxruntime.get_available_providers())
            )
        except Exception as error:  # as above
            raise ImsearchError(
                f"{self._path} is incomplete or damaged ({_first_line(error)}): delete it and fetch it again"
            ) from error

    @cached_property
    def _output(self) -> str:
        names = [node.name for node in self._loaded.get_outputs()]
        for name in _OUTPUTS:
            if name in names:
                return name
        raise ImsearchError(f"{self._path} gives {', '.join(names)}; one of {', '.join(_OUTPUTS)} is needed")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
