"""GloVe text files: fetched, read once, and kept in binary.

J. Pennington, R. Socher and C. D. Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014
(https://nlp.stanford.edu/projects/glove); the vectors are in the public domain (PDDL).
"""

import json
import re
import shutil
import time
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_write, checksum, data_dir, write_whole
from imsearch_core.progress import Progress, silent
from imsearch_core.words.vectors import WordVectors, load_words

if TYPE_CHECKING:
    from imsearch_core.download import Patience

BUILTIN = "builtin"
ARCHIVE_URL = "https://nlp.stanford.edu/data/glove.6B.zip"
MEGABYTE = 1_000_000

_FORMAT = 3  # raise it when what is kept, or how lines are read, changes
_BLOCK = 2000  # lines parsed at once
_HEADER = re.compile(rb"\s*\d+ +\d+\s*")
_KEPT = ("words.txt", "vectors.f32")  # under checksums in the manifest

BadLine = tuple[int, str]
"""The number of a line that is left out, and why."""


@dataclass(frozen=True)
class Glove:
    """What a GloVe file holds."""

    table: WordVectors
    note: str = ""
    """What a person should know about lines that were left out; empty if none was."""


@dataclass(frozen=True)
class FetchedGlove:
    """The result of fetching."""

    files: tuple[Path, ...]
    seconds: float
    source: str
    """The address, or "already there"."""


def glove_folder() -> Path:
    """Where the pages look for GloVe files."""
    return data_dir() / "words"


def glove_files() -> list[Path]:
    """The text files there, the smallest first."""
    files = (path for path in glove_folder().glob("*.txt") if path.is_file())  # a link may lead nowhere
    return sorted(files, key=lambda path: (path.stat().st_size, path.name))


def open_table(name: str | Path, progress: Progress = silent) -> Glove:
    """The built-in table for "builtin", else the GloVe file of that path, or of that name in its folder.

    Raises UsageError and ImsearchError as `load_glove` does.
    """
    if str(name) == BUILTIN:
        return Glove(load_words())
    path = Path(name).expanduser()
    inside = glove_folder() / path.name
    return load_glove(inside if not path.exists() and inside.exists() else path, progress)


def load_glove(path: Path, progress: Progress = silent) -> Glove:
    """The words of a GloVe text file: a word and its numbers per line; a header line is allowed.

    What is read is kept in binary under the home, for this path, size and time of change, and mapped
    into memory from there. Lines that cannot be used are left out: `Glove.note` says how many, and why the
    first. `progress(done, total)` counts megabytes. Raises UsageError if the file is missing or not a
    GloVe file, ImsearchError if there is no room to keep it.
    """
    path = path.expanduser().resolve()
    try:
        status = path.stat()
    except OSError as error:
        raise UsageError(
            f"there is no file {path}: put a GloVe text file such as glove.6B.300d.txt into "
            f"{glove_folder()}, or run: python -m imsearch_core words fetch-glove"
        ) from error
    if not path.is_file():
        raise UsageError(f"{path} is not a file")
    state = [str(path), status.st_size, status.st_mtime_ns, _FORMAT]
    version = sha256(json.dumps(state).encode()).hexdigest()
    of_path = sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    kept = glove_folder() / "glove" / f"{of_path}-{version[:12]}"
    found = _kept(kept, path.name, version)
    if found is None:
        try:
            _read(path, kept, progress)
        except OSError as error:
            raise ImsearchError(f"{path.name} cannot be kept in binary under {kept}: {error}") from error
        for older in kept.parent.glob(f"{of_path}-*"):
            if older != kept:
                shutil.rmtree(older, ignore_errors=True)
        found = _kept(kept, path.name, version)
    if found is None:
        raise ImsearchError(f"{kept} was changed while it was being read: try again")
    return found


def fetch_glove(
    url: str = ARCHIVE_URL,
    progress: Progress = silent,
    patience: "Patience | None" = None,
) -> FetchedGlove:
    """Download and unpack GloVe 6B (400 000 words; 50, 100, 200 and 300 dimensions) into `glove_folder()`.

    Continues where an earlier call stopped; every file is checked against the archive's checksums.
    `progress(done, total)` counts megabytes, first of the download, then of unpacking.
    Raises UsageError if `url` is not the address of an archive, ImsearchError, saying what to do, if it
    cannot be fetched.
    """
    started = time.perf_counter()
    if not re.match("https?://", url):
        raise UsageError(f"{url} is not an http or https address")
    folder = glove_folder()
    archive = folder / url.split("?")[0].rsplit("/", 1)[-1]
    if archive.suffix != ".zip":
        raise UsageError(f"{url} is not the address of a .zip archive")
    files = sorted(folder.glob(f"{archive.stem}.*.txt"))
    source = "already there"
    if not files or archive.exists():
        source = url
        try:
            if not archive.exists():
                from imsearch_core.download import Patience, download_file  # as in encoders/hub.py

                download_file(
                    url, archive, lambda d, t: progress(d // MEGABYTE, t // MEGABYTE), patience or Patience()
                )
            files = _unpack(archive, progress)
        except ImsearchError as error:
            raise ImsearchError(
                f"GloVe could not be fetched ({error}): try again with internet access, or download "
                f"{ARCHIVE_URL} elsewhere and unpack it into {folder}; the built-in table needs neither"
            ) from error
        archive.unlink(missing_ok=True)
    return FetchedGlove(tuple(files), time.perf_counter() - started, source)


def _unpack(archive: Path, progress: Progress) -> list[Path]:
    try:
        with zipfile.ZipFile(archive) as content:
            members = [m for m in content.infolist() if re.fullmatch(r"[\w.-]+\.txt", m.filename)]
            if not members:
                raise zipfile.BadZipFile("contains no text file")
            total, done = sum(member.file_size for member in members), 0
            for member in members:
                path = archive.parent / member.filename
                if path.exists() and path.stat().st_size == member.file_size:
                    done += member.file_size
                    continue
                with (
                    content.open(member) as source,  # read to the end, it compares the checksum
                    atomic_write(path) as temporary,
                    temporary.open("wb") as target,
                ):
                    while piece := source.read(1 << 20):
                        target.write(piece)
                        done += len(piece)
                        progress(done // MEGABYTE, total // MEGABYTE)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        archive.unlink(missing_ok=True)
        raise ImsearchError(f"{archive.name} is damaged or not an archive: {error}") from error
    except OSError as error:
        raise ImsearchError(f"it cannot be unpacked into {archive.parent}: {error}") from error
    return sorted(archive.parent / member.filename for member in members)


# Kept in binary


def _kept(folder: Path, name: str, version: str) -> Glove | None:
    """What is kept in a folder, if it is there and complete."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        words = (folder / "words.txt").read_bytes().decode("utf-8").split("\n")[:-1]
        shape = (len(words), manifest["dimension"])
        if manifest["crc"] != [checksum(folder / name) for name in _KEPT]:
            return None
        vectors = np.memmap(folder / "vectors.f32", np.float32, "r", shape=shape)
        note = manifest["note"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Glove(WordVectors(name, words, vectors, version), note)


def _read(path: Path, kept: Path, progress: Progress) -> None:
    """Read a GloVe file into the folder `kept`; the manifest, written last, makes it valid."""
    total = path.stat().st_size
    seen: dict[str, None] = {}
    bad: list[BadLine] = []
    with path.open("rb") as file:
        dimension = _dimension(path, islice(file, _BLOCK))
    with (
        path.open("rb") as file,
        atomic_write(kept / "vectors.f32") as temporary,
        temporary.open("wb") as vectors,
    ):
        number = 1
        if _HEADER.fullmatch(file.readline()):
            number = 2
        else:
            file.seek(0)
        while lines := list(islice(file, _BLOCK)):
            rows = _parse(lines, number, dimension, seen, bad)
            rows.tofile(vectors)
            number += len(lines)
            progress(file.tell() // MEGABYTE, total // MEGABYTE)
    number, reason = bad[0] if bad else (0, "")
    if not seen:
        raise UsageError(f"{path} contains no word vector; line {number}: {reason}")
    note = (
        f"{len(bad):,} line{'s' * (len(bad) > 1)} of {path.name} left out, the first: line {number}, {reason}"
    )
    write_whole(kept / "words.txt", "".join(f"{word}\n" for word in seen))
    manifest = {
        "dimension": dimension,
        "note": note if bad else "",
        "crc": [checksum(kept / name) for name in _KEPT],
    }
    write_whole(kept / "manifest.json", json.dumps(manifest))


def _dimension(path: Path, lines: Iterable[bytes]) -> int:
    """How many numbers most of the first lines have. Raises UsageError if that is not GloVe's shape."""
    counts = Counter(
        line.rstrip().count(b" ")
        for line in lines
        if not _HEADER.fullmatch(line) and _numbers(line.rstrip().rpartition(b" ")[2], 1) is not None
    )
    if not counts or (dimension := counts.most_common(1)[0][0]) < 2:
        raise UsageError(
            f"{path} is not a GloVe text file: its lines are not a word and then numbers, separated by spaces"
        )
    return dimension


def _parse(
    lines: list[bytes], first: int, dimension: int, seen: dict[str, None], bad: list[BadLine]
) -> np.ndarray:
    """The unit vectors float32 [n, d] of the lines that can be used; adds their words to `seen`.

    `first` is the first line's number; what cannot be used goes to `bad`.
    """
    usable: dict[str, tuple[int, bytes]] = {}
    for number, line in enumerate(lines, first):
        try:
            word, numbers = _split(line, dimension)
            if word in seen or word in usable:
                raise ValueError(f"“{word}” occurs on an earlier line")
            usable[word] = number, numbers
        except ValueError as error:
            bad.append((number, str(error)))
    vectors = _numbers(b" ".join(numbers for _, numbers in usable.values()), len(usable) * dimension)
    if vectors is None:  # some are not numbers: parse them one by one
        parsed = {word: _numbers(numbers, dimension) for word, (_, numbers) in usable.items()}
        vectors = np.stack([np.full(dimension, np.nan) if row is None else row for row in parsed.values()])
    vectors = vectors.reshape(-1, dimension).astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    good = (np.isfinite(lengths) & (lengths > 0))[:, 0]
    for (word, (number, _)), is_good, length in zip(usable.items(), good, lengths[:, 0], strict=True):
        if is_good:
            seen[word] = None
        else:
            bad.append((number, "all numbers are 0" if length == 0 else "not all are finite numbers"))
    bad.sort()
    return vectors[good] / lengths[good]


def _split(line: bytes, dimension: int) -> tuple[str, bytes]:
    """The word of a line and its numbers. Raises ValueError, saying why, if there are none."""
    line = line.rstrip()
    if not line:
        raise ValueError("it is empty")
    if line.count(b" ") == dimension:
        head, _, numbers = line.partition(b" ")
    else:  # words in the larger files may contain spaces
        head, *rest = line.rsplit(b" ", dimension)
        if len(rest) < dimension:
            raise ValueError(f"{len(rest)} numbers instead of {dimension}")
        numbers = b" ".join(rest)
    try:
        return head.decode("utf-8"), numbers
    except UnicodeDecodeError as error:
        raise ValueError("its word is not UTF-8") from error


def _numbers(text: bytes, count: int) -> np.ndarray | None:
    """float64 [count]: the numbers in `text`, or None if it holds anything else."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # how NumPy reports that something is not a number
        try:
            numbers = np.fromstring(text, np.float64, sep=" ")
        except (ValueError, DeprecationWarning):
            return None
    return numbers if numbers.size == count else None
