"""Fetching from the web: patience with slow servers, and large files that go on where they stopped."""

import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3
from filelock import FileLock, Timeout

from imsearch_core.errors import ImsearchError
from imsearch_core.files import private_folder, write_whole
from imsearch_core.progress import Progress, silent

ATTEMPTS = 3

_PIECE = 1 << 18
_NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError)


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server; all in seconds."""

    silence: float = 15
    """Without a byte arriving, before an attempt fails."""
    file: float = 60
    """For one photo, however steadily it trickles."""
    pause: float = 1
    """Before the second attempt; doubled before each later one."""


def download_file(
    url: str,
    path: Path,
    progress: Progress = silent,
    patience: Patience = Patience(),
) -> None:
    """Fetch `url` to `path`, whole or not at all; interrupted, the next call goes on where it stopped.

    What has arrived lies beside `path`, with what the server said to recognise the file by (RFC 9110,
    If-Range), so that two different files are never joined. An attempt that brought something is followed
    by another; after three that brought nothing it gives up. `progress(done, total)` counts bytes.
    Raises ImsearchError, saying why, if the file cannot be had or written.
    """
    partial = path.with_name(f"{path.name}.part")
    failures = 0
    try:
        private_folder(path.parent)
        with FileLock(f"{partial}.lock", timeout=0):
            while True:
                before = _size(partial)
                try:
                    _continue(url, partial, progress, patience)
                    break
                except _NETWORK_ERRORS as error:
                    failures = 0 if _size(partial) > before else failures + 1
                    refused = isinstance(error, requests.HTTPError) and error.response.status_code < 500
                    if refused or failures == ATTEMPTS:
                        raise ImsearchError(f"{url} {in_words(error)}") from error
                    time.sleep(patience.pause * 2 ** max(failures - 1, 0))
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(partial, path)
            _about(partial).unlink(missing_ok=True)
    except Timeout as error:
        raise ImsearchError(f"{path.name} is being fetched by another process") from error
    except OSError as error:
        raise ImsearchError(f"{path.name} cannot be written to {path.parent}: {error}") from error


def in_words(error: BaseException) -> str:
    """What a server did, to be read after its name: "is too slow to answer"."""
    if isinstance(error, requests.HTTPError):
        return f"answered {error.response.status_code}"
    if isinstance(error, requests.Timeout | urllib3.exceptions.ReadTimeoutError):
        return "is too slow to answer"
    if isinstance(error, requests.RequestException):
        return "cannot be reached"
    if isinstance(error, urllib3.exceptions.HTTPError):
        return "broke the connection off"
    return str(error)


def _continue(url: str, partial: Path, progress: Progress, patience: Patience) -> None:
    """Append to `partial` what is missing of it; start it over if the server has another file now."""
    done, validator = _size(partial), _validator(partial, url)
    headers = {"Accept-Encoding": "identity"}  # ranges are of the file itself, not of its compression
    if done and validator:
        headers |= {"Range": f"bytes={done}-", "If-Range": validator}
    with requests.get(url, headers=headers, timeout=patience.silence, stream=True) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            if response.headers.get("Content-Range") == f"bytes */{done}":
                return  # all of it had arrived
            partial.unlink(missing_ok=True)
            raise urllib3.exceptions.ProtocolError("asked for more than there is")
        response.raise_for_status()
        start, total = _range_of(response)
        if start not in (0, done):
            raise urllib3.exceptions.ProtocolError("answered with another part of the file")
        write_whole(_about(partial), json.dumps({"url": url, "validator": _validator_of(response)}))
        with partial.open("r+b" if start else "wb") as file:
            file.seek(start)
            progress(start, total)
            while piece := response.raw.read1(_PIECE):
                file.write(piece)
                progress(file.tell(), total)
        if total and _size(partial) != total:
            raise urllib3.exceptions.IncompleteRead(_size(partial), total)


def _range_of(response: requests.Response) -> tuple[int, int]:
    """The first byte that a response has, and how many the whole file has; 0 if that is not said."""
    if response.status_code == requests.codes.partial_content:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if found is None:
            raise urllib3.exceptions.ProtocolError("answered with an unknown part of the file")
        return int(found[1]), int(found[2])
    return 0, int(response.headers.get("Content-Length") or 0)


def _validator_of(response: requests.Response) -> str | None:
    tag = response.headers.get("ETag")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")


def _validator(partial: Path, url: str) -> str | None:
    try:
        about = json.loads(_about(partial).read_text("utf-8"))
        return about["validator"] if about["url"] == url else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _about(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.json")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
