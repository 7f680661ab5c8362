"""The Pascal Sentences photos: 1000 pictures, 50 for each of 20 classes, fetched when asked for.

C. Rashtchian, P. Young, M. Hodosh and J. Hockenmaier, "Collecting Image Annotations Using Amazon's
Mechanical Turk", NAACL HLT 2010 workshop; a selection from PASCAL VOC 2008. What ships with the
project is the list of files with their labels; the photos come from the authors' page, from the
VOC 2012 archive, which contains them, or from a local copy of VOC.
"""

import csv
import shutil
import tarfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
import urllib3

from imsearch_core.datasets.folder import Skipped
from imsearch_core.datasets.tables import LABELS_FILE
from imsearch_core.download import ATTEMPTS, Patience, in_words
from imsearch_core.errors import BadImage, ImsearchError, UsageError
from imsearch_core.files import SHIPPED, atomic_write, write_whole
from imsearch_core.pictures.decode import open_image
from imsearch_core.progress import Progress, silent

PAGE_URL = "http://vision.cs.uiuc.edu/pascal-sentences"
ARCHIVE_URL = "http://host.robots.ox.ac.uk/pascal/VOC/voc2012/VOCtrainval_11-May-2012.tar"
LIST_FILE = SHIPPED / "pascal_sentences.csv"

_ON_THE_PAGE = {"dining_table": "diningtable", "potted_plant": "pottedplant", "tv_monitor": "tvmonitor"}
_CONNECTIONS = 4
_MAX_BYTES = 20_000_000  # the largest of these photos has 0.3 MB
_GIVE_UP_AFTER = 4  # files in a row that could not even be asked for: the server is gone


@dataclass(frozen=True)
class FetchReport:
    """What a fetch achieved."""

    folder: Path
    images: int
    """Photos there now."""
    missing: tuple[Skipped, ...]
    """Photos that are not there, and why."""
    seconds: float
    source: str
    """Where the last photos came from: a folder or an address; "already there" if nothing was missing."""


class _ServerGoneError(Exception):
    """The server cannot be reached, whatever one asks it for."""


def fetch_pascal(
    folder: Path,
    *,
    from_voc: str | Path | None = None,
    url: str | None = None,
    progress: Progress = silent,
    patience: Patience = Patience(),
) -> FetchReport:
    """Bring the photos that are missing from `folder`, each checked to be a picture first.

    Takes them from `from_voc`, a local copy of PASCAL VOC 2008 to 2012, if it is given; else from
    `url`, a mirror of the authors' page or (ending in .tar, .tgz or .tar.gz) of the VOC archive; else
    from the authors' page and, for what that lacks, from the archive, which is streamed and never
    stored. `progress(done, total)` counts photos. May be interrupted: the next call goes on.
    Raises UsageError if `from_voc` or `url` make no sense, ImsearchError if no photo is there at all.
    """
    started = time.perf_counter()
    photos = _photos_of_the_list()
    sources = _sources(from_voc, url, patience)
    _write_labels(folder)
    missing = {file: "" for file in photos if not _is_there(folder / file)}
    used = "already there"
    progress(len(photos) - len(missing), len(photos))
    for name, source in sources:
        if not missing:
            break
        try:
            for file, outcome in source(list(missing)):
                if isinstance(outcome, str):
                    missing[file] = outcome
                    continue
                write_whole(folder / file, outcome)
                del missing[file]
                used = name
                progress(len(photos) - len(missing), len(photos))
        except _ServerGoneError as error:
            missing = {file: reason or str(error) for file, reason in missing.items()}
        except OSError as error:
            raise ImsearchError(f"the photos cannot be written to {folder}: {error}") from error
    if len(missing) == len(photos):
        raise ImsearchError(
            f"no Pascal photo could be fetched ({next(iter(missing.values()))}): try again with internet "
            "access, or name a local copy of PASCAL VOC with --from-voc DIR; the illustrated dataset "
            "needs neither"
        )
    return FetchReport(
        folder,
        len(photos) - len(missing),
        tuple(Skipped(file, reason or "not found") for file, reason in missing.items()),
        time.perf_counter() - started,
        used,
    )


_Outcomes = Iterable[tuple[str, bytes | str]]
"""Pairs of a file and its content, or the reason why it was not found."""


def _sources(
    from_voc: str | Path | None, url: str | None, patience: Patience
) -> list[tuple[str, Callable[[list[str]], _Outcomes]]]:
    """Names of the sources to try, in order, and for each a function that looks for files."""
    if from_voc is not None:
        photos = _voc_photos(Path(from_voc).expanduser())
        return [(str(photos), lambda files: _from_folder(photos, files))]
    addresses = [PAGE_URL, ARCHIVE_URL] if url is None else [url.rstrip("/")]
    for address in addresses:
        if urlsplit(address).scheme not in ("http", "https"):
            raise UsageError(f"{address} is not an http or https address")

    def look_at(address: str) -> Callable[[list[str]], _Outcomes]:
        fetch = _from_archive if address.endswith((".tar", ".tgz", ".tar.gz")) else _from_page
        return lambda files: fetch(address, files, patience)

    return [(address, look_at(address)) for address in addresses]


# A local copy


def _voc_photos(folder: Path) -> Path:
    """The JPEGImages folder of a copy of VOC, of which any level may be named."""
    if folder.name == "JPEGImages" and folder.is_dir():
        return folder
    found = sorted(folder.glob("**/JPEGImages"))
    if not found:
        raise UsageError(f"{folder} is no copy of PASCAL VOC: there is no folder JPEGImages in it")
    return found[-1]  # the latest year contains the earlier ones


def _from_folder(photos: Path, files: list[str]) -> _Outcomes:
    for file in files:
        try:
            yield file, _checked((photos / Path(file).name).read_bytes())
        except FileNotFoundError:
            yield file, f"not in {photos}"
        except (OSError, BadImage) as error:
            yield file, str(error)


# The authors' page


def _from_page(url: str, files: list[str], patience: Patience) -> _Outcomes:
    unreachable = 0
    with requests.Session() as session, ThreadPoolExecutor(_CONNECTIONS) as pool:
        try:
            asked = {pool.submit(_one_from_page, session, url, file, patience): file for file in files}
            for answer in as_completed(asked):
                error = answer.exception()
                outcome = in_words(error) if error else answer.result()
                yield asked[answer], outcome
                unreachable = unreachable + 1 if isinstance(error, requests.ConnectionError) else 0
                if unreachable == _GIVE_UP_AFTER:
                    raise _ServerGoneError(f"{urlsplit(url).netloc} {outcome}") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _one_from_page(session: requests.Session, url: str, file: str, patience: Patience) -> bytes:
    label, name = file.split("/")
    address = f"{url}/{_ON_THE_PAGE.get(label, label)}/{quote(name)}"
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(patience.pause * 2 ** (attempt - 1))
        try:
            return _checked(_download(session, address, patience))
        except requests.HTTPError as error:
            if error.response.status_code < 500 or attempt == ATTEMPTS - 1:
                raise
        except (requests.RequestException, urllib3.exceptions.HTTPError, BadImage):
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _download(session: requests.Session, address: str, patience: Patience) -> bytes:
    """The body at `address`. Raises the errors of requests and, for a body cut short, of urllib3."""
    deadline = time.monotonic() + patience.file
    content = bytearray()
    with session.get(address, timeout=patience.silence, stream=True) as response:
        response.raise_for_status()
        while piece := response.raw.read1(1 << 16):  # returns what has arrived, so a trickle is noticed
            content += piece
            if time.monotonic() > deadline:
                raise requests.Timeout
            if len(content) > _MAX_BYTES:
                raise BadImage(f"larger than {_MAX_BYTES // 1_000_000} MB")
    return bytes(content)


# The archive


def _from_archive(url: str, files: list[str], patience: Patience) -> _Outcomes:
    """Pick the photos out of VOC's tar as it streams by; no member's name is ever written to."""
    wanted = {Path(file).name: file for file in files}
    try:
        with requests.get(url, timeout=patience.silence, stream=True) as response:
            response.raise_for_status()
            with tarfile.open(fileobj=response.raw, mode="r|*") as archive:
                for member in archive:
                    folder, _, name = member.name.rpartition("/")
                    if not (member.isreg() and folder.endswith("JPEGImages") and name in wanted):
                        continue
                    if member.size > _MAX_BYTES:
                        continue
                    file = wanted.pop(name)
                    try:
                        yield file, _checked(archive.extractfile(member).read())
                    except BadImage as error:
                        yield file, str(error)
                    if not wanted:
                        return
    except requests.RequestException as error:
        raise _ServerGoneError(f"{urlsplit(url).netloc} {in_words(error)}") from error
    except (tarfile.TarError, EOFError, urllib3.exceptions.HTTPError) as error:
        raise _ServerGoneError(f"{url} ended early or is no tar archive") from error
    for file in wanted.values():
        yield file, f"not found in {url}"


# Files


def _photos_of_the_list() -> list[str]:
    with LIST_FILE.open(encoding="utf-8", newline="") as file:
        return [row["file"] for row in csv.DictReader(file)]


def _write_labels(folder: Path) -> None:
    try:
        with atomic_write(folder / LABELS_FILE) as temporary:
            shutil.copyfile(LIST_FILE, temporary)
    except OSError as error:
        raise ImsearchError(f"the photos cannot be written to {folder}: {error}") from error


def _is_there(path: Path) -> bool:
    try:
        open_image(path)
    except BadImage:
        return False
    return True


def _checked(content: bytes) -> bytes:
    """`content` if it is a whole picture. Raises BadImage otherwise."""
    open_image(content)
    return content
