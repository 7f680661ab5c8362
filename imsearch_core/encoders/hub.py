"""Models of the Hugging Face hub: where their files lie on this machine, and fetching what is missing.

Files belong in a folder of ours, in the hub's own layout. What another program has put in the hub's cache
($HF_HOME) is used as well. $HF_ENDPOINT names a mirror, $HF_HUB_OFFLINE=1 forbids fetching.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from imsearch_core.encoders.onnx_layout import (
    CONFIG,
    PREPROCESSOR,
    TEXT,
    TOKENIZER,
    TOKENIZER_CONFIG,
    VISION,
    external_data,
    graph_names,
)
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir, file_hash
from imsearch_core.progress import Progress, silent

_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class MissingFiles:
    """What must be fetched before an encoder can be used."""

    encoder: str
    files: tuple[str, ...]
    """Their names within `folder`; for a model that is not among the presets, those it has at least."""
    folder: Path
    """Where they belong, whether they are fetched or put there by hand."""
    megabytes: int | None
    """About how large they are; None if only the hub knows."""
    licence: str

    def __str__(self) -> str:
        size = "of unknown size" if self.megabytes is None else f"{self.megabytes} MB"
        return (
            f"{self.encoder} must be fetched once ({size}, licence: {self.licence}). "
            f"Without internet access, put {', '.join(self.files)} into {self.folder}"
        )


class NotFetched(ImsearchError):
    """An encoder's files are not on this machine; `missing` says which, and where they belong."""

    def __init__(self, missing: MissingFiles) -> None:
        super().__init__(str(missing))
        self.missing = missing


@dataclass(frozen=True)
class _Part:
    """A file of a model by the names it may have. All but optional ones must be there."""

    names: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class HubModel:
    """A model of the hub at one precision."""

    repository: str
    precision: str
    text: bool | None = None
    """Whether it has a text tower; None if that is not known."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.repository):
            raise UsageError(f"{self.repository!r} is not a model of the hub: write hub:OWNER/NAME")

    @property
    def own_folder(self) -> Path:
        """Where its files belong."""
        return data_dir() / "models" / self.repository

    def folder(self) -> Path | None:
        """The folder that holds the whole model: ours, else the hub's cache; None if neither does."""
        for folder in (self.own_folder, self._cached()):
            if folder and not self.missing_in(folder):
                return folder
        return None

    def missing_in(self, folder: Path) -> tuple[str, ...]:
        """The usual names of the files that a folder lacks."""
        needed = [part for part in self._parts() if not part.optional]
        return tuple(
            part.names[0] for part in needed if not any((folder / name).is_file() for name in part.names)
        )

    def fetch(self, progress: Progress = silent) -> None:
        """Fetch what `own_folder` lacks; interrupted, the next call goes on where it stopped.

        `progress` counts bytes. Raises ImsearchError, with a remedy, if a file cannot be had or is damaged.
        """
        found = [self._found(part) for part in self._parts()]
        wanted = [file for files in found for file in files if not (self.own_folder / file.name).is_file()]
        total, done = sum(file.size for file in wanted), 0
        progress(0, total)
        for file in wanted:
            self._fetch_file(file, lambda arrived, _, before=done: progress(before + arrived, total))
            done += file.size

    def _parts(self) -> list[_Part]:
        """Its files as they are fetched. The vision tower's graph is last: where it is, everything is."""
        parts = [_Part((PREPROCESSOR,)), _Part((CONFIG,), optional=True)]
        if self.text is not False:
            optional = self.text is None
            parts += [_Part((TOKENIZER,), optional), _Part((TOKENIZER_CONFIG,), optional=True)]
            parts += [_Part(graph_names(TEXT, self.precision), optional)]
        return [*parts, _Part(graph_names(VISION, self.precision))]

    def _found(self, part: _Part) -> list["_RemoteFile"]:
        """The file that the hub has for a part, after the one with its weights if they lie apart."""
        for name in part.names:
            if file := self._remote(name):
                weights = self._remote(external_data(name)) if name.endswith(".onnx") else None
                return [weights, file] if weights else [file]
        if part.optional:
            return []
        raise ImsearchError(
            f"{self.repository} has no {' or '.join(part.names)} on the hub: check the name, and whether "
            f"there is {self.precision}. {self._by_hand()}"
        )

    def _remote(self, name: str) -> "_RemoteFile | None":
        """What the hub says about a file; None if it has none of this name. Raises ImsearchError offline."""
        from huggingface_hub import get_hf_file_metadata, hf_hub_url
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        mirror = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
        url = hf_hub_url(self.repository, name, endpoint=mirror)
        try:
            about = get_hf_file_metadata(url)
        except OfflineModeIsEnabled as error:
            raise ImsearchError(f"HF_HUB_OFFLINE forbids fetching {url}. {self._by_hand()}") from error
        except HfHubHTTPError as error:
            status = error.response.status_code
            if status == 404:
                return None
            why = "there is no such model, or it needs a login" if status in (401, 403) else "try again later"
            raise ImsearchError(f"{url} answered {status}: {why}. {self._by_hand()}") from error
        except Exception as error:  # of the HTTP library that the installed version happens to use
            raise ImsearchError(f"{url} cannot be reached ({error}). {self._by_hand()}") from error
        hashed = re.fullmatch(r"[0-9a-f]{64}", about.etag or "")
        return _RemoteFile(name, url, about.size or 0, about.etag if hashed else None)

    def _fetch_file(self, file: "_RemoteFile", progress: Progress) -> None:
        from imsearch_core.download import download_file  # with requests: a tenth of a second for all others

        path = self.own_folder / file.name
        arriving = path.with_name(f"{path.name}.unchecked")
        try:
            download_file(file.url, arriving, progress)
        except ImsearchError as error:
            raise ImsearchError(f"{error}. What has arrived is kept. {self._by_hand()}") from error
        size = arriving.stat().st_size
        if size != (file.size or size) or (file.sha256 and file_hash(arriving) != file.sha256):
            arriving.unlink()
            raise ImsearchError(
                f"{file.url} arrived damaged ({size} of {file.size} bytes, or other content) and was "
                f"deleted: try again. {self._by_hand()}"
            )
        arriving.replace(path)

    def _by_hand(self) -> str:
        names = ", ".join(self.missing_in(self.own_folder))
        return f"Files fetched elsewhere ({names}) belong in {self.own_folder}"

    def _cached(self) -> Path | None:
        if not find_spec("huggingface_hub"):
            return None
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(self.repository, PREPROCESSOR)
        return Path(found).parent if isinstance(found, str) else None


@dataclass(frozen=True)
class _RemoteFile:
    """A file as the hub describes it before it is fetched."""

    name: str
    url: str
    size: int
    """In bytes; 0 if the hub does not say."""
    sha256: str | None
    """The hash of its content, which the hub gives for large files."""


def require(packages: Sequence[str], encoder: str) -> None:
    """Raise ImsearchError, with the line that installs them, unless these packages are installed."""
    if missing := [package for package in packages if not find_spec(package)]:
        raise ImsearchError(
            f"{encoder} needs the extra vision-language: pip install {' '.join(missing)}, "
            f"or choose the encoder efficientnet-lite0"
        )
