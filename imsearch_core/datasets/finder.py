"""The picture that a table or an annotation means, however it spells the name."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote

from imsearch_core.datasets.names import normal
from imsearch_core.pictures.formats import SUFFIXES

_AFTER_A_PATH = re.compile(r"[?#].*")  # in a URL
# Where Label Studio keeps a picture; it puts a random number before the name of an uploaded one.
_UPLOADED = re.compile(r".*/(?:upload/\d+/|local-files/\?d=)((?:[0-9a-f]{8}-)?(.+))")

_Key = TypeVar("_Key")


class Finder:
    """Finds the picture that a table or an annotation names, below `base`, a folder in `folder`."""

    def __init__(self, folder: Path, base: str, files: Iterable[str]):
        self._folder = folder.as_posix()
        self._base = f"{base}/" if base else ""
        self._files = files
        self._spellings: list[dict[str, str | None]] | None = None

    def find(self, named: str) -> str | None:
        """The file: as it is spelled, else one that differs only in form, case or leading folders."""
        if self._base + named in self._files:
            return self._base + named
        path = _tidy(named)
        folder = f"{self._folder}/"
        if ".." in path.split("/") and not path.startswith("/"):
            path = posixpath.normpath(f"{folder}{self._base}{path}")
        if path.startswith(folder):
            return self._everywhere.find(path.removeprefix(folder))
        path = path.lstrip("/")
        parts = path.split("/")
        # Folders above the one we opened may lead the path, but what is left still names a folder.
        tails = ["/".join(parts[start:]) for start in range(max(1, len(parts) - 1))]
        if len(parts) > 1 and parts[-2] == self._folder.rpartition("/")[2]:
            tails.append(parts[-1])
        for tail in tails:
            for spelled, file in self._spelled(self._base + tail):
                if spelled:
                    return file
        file = self._by_name(parts[-1]) if len(parts) == 1 or "://" in named else None
        if file is None and "://" in named and (page := _AFTER_A_PATH.sub("", named)) != named:
            return self.find(page)
        if file is None and (unquoted := unquote(named)) != named:  # as in a URL
            return self.find(unquoted)
        if file is None and (uploaded := _UPLOADED.fullmatch(named)):
            found = map(self.find, dict.fromkeys(uploaded.groups()))
            return next(filter(None, found), None)
        return file

    @cached_property
    def _everywhere(self) -> "Finder":
        return Finder(Path(self._folder), "", self._files)

    def _spelled(self, path: str) -> Iterator[tuple[bool, str | None]]:
        exact, folded, _ = self._all_spellings()
        for spelling, files in ((path, exact), (path.casefold(), folded)):
            yield spelling in files, files.get(spelling)

    def _by_name(self, name: str) -> str | None:
        """The only picture with a name; if the name has no suffix, whatever the picture's suffix."""
        *_, by_name = self._all_spellings()
        if name.casefold() in by_name or PurePosixPath(name).suffix.lower() in SUFFIXES:
            return by_name.get(name.casefold())
        found = self._by_stem.get(name.casefold())
        return found or (self._by_number.get(name.lstrip("0")) if name.isdecimal() else None)

    @cached_property
    def _by_number(self) -> dict[str, str | None]:
        """Files that are called by a number, by that; None where several are. Spreadsheets make 1 of 0001."""
        return unique((stem.lstrip("0"), file) for stem, file in self._by_stem.items() if stem.isdecimal())

    @cached_property
    def _by_stem(self) -> dict[str, str | None]:
        """Files by their name without the suffix; None where several have it."""
        return unique((PurePosixPath(name).stem, file) for name, file in self._all_spellings()[2].items())

    def _all_spellings(self) -> list[dict[str, str | None]]:
        """Files by their tidy path, by that in lower case, and by name; None where several have it."""
        if self._spellings is None:
            self._spellings = [{}, {}, {}]
            for file in self._files:
                if not file.startswith(self._base):
                    continue
                path = _tidy(file) if "\\" not in file else file
                keys = (path, path.casefold(), path.rpartition("/")[2].casefold())
                for spellings, key in zip(self._spellings, keys, strict=True):
                    spellings[key] = None if key in spellings else file
        return self._spellings


def unique(pairs: Iterable[tuple[_Key, str | None]]) -> dict[_Key, str | None]:
    """The file that each key belongs to; None if to several."""
    files: dict[_Key, str | None] = {}
    for key, file in pairs:
        files[key] = None if key in files else file
    return files


def _tidy(path: str) -> str:
    """A path with "/", composed characters, and neither blanks around names nor empty or "." parts."""
    path = unicodedata.normalize("NFC", path.removeprefix("file://")).replace("\\", "/")
    parts = (normal(part) for part in path.split("/"))
    root = "/" if path.startswith("/") else ""
    return root + "/".join(part for part in parts if part not in ("", "."))
