"""Opening a collection in a program that serves others meanwhile: much embedding is left to another process.

In the same process they would wait for each other's turn at Python's interpreter and for the processors;
another one, at low priority, takes what is left.
Run as `python -m imsearch_core.store.background`, this module is that one.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from imsearch_core.collection import Collection
from imsearch_core.errors import ImsearchError
from imsearch_core.files import PROJECT
from imsearch_core.progress import Progress
from imsearch_core.store.sync import dedicate_process

MANY = 150
"""Pictures to embed from which another process is worth its start of some seconds."""
_NICE = 10
_STEP = re.compile(r"(\d+) (\d+)\n")


class _Many(Exception):
    """There is much to embed."""


def open_giving_way(folder: Path, encoder: str, progress: Progress, within: Sequence[Path]) -> Collection:
    """`Collection.open`, with the embedding of many pictures done by a process that gives way to this one.

    Ended early, by an exception of `progress`, that process ends too, and the next call goes on from there.
    """

    def few(done: int, total: int) -> None:
        if total >= MANY:
            raise _Many
        progress(done, total)

    try:
        return Collection.open(folder, encoder, progress=few, within=within)
    except _Many:
        pass
    paths = [os.fsencode(path).hex() for path in (folder, *within)]  # not all of them are valid text
    command = [sys.executable, "-m", __name__, encoder, *paths]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout:
                if told := _STEP.fullmatch(line):  # Keras talks there, too
                    progress(int(told[1]), int(told[2]))
        except BaseException:
            process.terminate()
            raise
    return Collection.open(
        folder, encoder, progress=progress, within=within
    )  # does what is left, or says why not


def _main(encoder: str, *paths: str) -> int:
    """Open a collection; a line on standard output tells what is done and what there is to do."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICE)
    dedicate_process()
    folder, *within = (Path(os.fsdecode(bytes.fromhex(path))) for path in paths)
    try:
        Collection.open(folder, encoder, progress=lambda *step: print(*step, flush=True), within=within)
    except ImsearchError:
        return 1  # whoever started us meets the same, and says it
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
