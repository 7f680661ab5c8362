"""Runs long work in another process at low priority, so that the one that serves pages stays quick.

In the same process, both would wait for their turn at Python's interpreter and for the processors.
`serve` is what the other process runs. It reads a pickled (function, arguments) from standard input and
answers on standard output with pickled messages:
("progress", done, total), and last ("result", value) or ("error", exception). Not `multiprocessing`:
its child would run Streamlit's script again.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from imsearch_core.errors import ImsearchError
from imsearch_core.progress import Progress, silent

_NICE = 10


class ProcessEnded(ImsearchError):
    """The process ended before it had a result: it was stopped, killed or ran out of memory."""


class LowPriorityProcess:
    """One call of a function by another process; it ends when this process does.

    `function` is one that can be imported, and is called with `arguments` and the keyword `progress`.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-c",
                f"from {__name__} import serve; serve()",
            ],  # -P: not from this folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows
        )
        self._call = pickle.dumps((function, arguments))

    def result(self, progress: Progress = silent) -> Any:
        """Wait for what the function returns, passing its progress on; to be called once.

        Raises the ImsearchError that the function raises, or ProcessEnded. If `progress` raises, the
        process is stopped.
        """
        with self._process:
            try:
                self._send()
                while (message := self._receive())[0] == "progress":
                    progress(*message[1:])
            finally:
                self.stop()
        kind, content = message
        if kind == "error":
            raise content
        return content

    def stop(self) -> None:
        """End the process; `result` then raises ProcessEnded."""
        self._process.kill()

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # it has ended: receiving says how
            self._process.stdin.write(self._call)
            self._process.stdin.flush()  # not closed: the process ends when this end closes

    def _receive(self) -> tuple:
        try:
            return pickle.load(self._process.stdout)
        except (EOFError, pickle.UnpicklingError):
            code = self._process.wait()
            killed = code == -getattr(signal, "SIGKILL", 0)
            how = "was killed, perhaps for lack of memory" if killed else f"ended early (exit code {code})"
            raise ProcessEnded(f"the process that worked on it {how}") from None


def serve() -> None:
    """Be the other process: make the one call that is asked for, and answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us ends us
    if hasattr(os, "nice"):
        os.nice(_NICE)
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries print: not among our messages
    function, arguments = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def send(*message: Any) -> None:
        pickle.dump(message, messages)
        messages.flush()

    try:
        result = function(*arguments, progress=lambda done, total: send("progress", done, total))
    except ImsearchError as error:
        send("error", error)
    except Exception as error:
        send("error", ImsearchError(f"{type(error).__name__}: {error}"))
    else:
        send("result", result)


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the other end is closed
    os._exit(1)
