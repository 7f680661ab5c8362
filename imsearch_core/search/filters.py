"""Which pictures may be found: by label, split, tag, problem, date, camera, file name and size."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple, Protocol, TypedDict

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.index import EVERYTHING, Contents, Filter

SEVERAL = ("label", "tag", "problem")
"""The filters that may be given more than once: any of the values will do."""
_NAMED = 20  # choices in a message
_KEPT = 16  # filters whose pictures are remembered
_DATE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_PERIOD = re.compile(rf"(?P<first>{_DATE})?(?P<range>\.\.)?(?P<last>{_DATE})?")


class FilterKeywords(TypedDict, total=False):
    """How a filter is given in Python; what each means is said at the fields of `Filters`."""

    label: str | Sequence[str] | None
    split: str | None
    tag: str | Sequence[str] | None
    problem: str | Sequence[str] | None
    taken: str | None
    camera: str | None
    name: str | None
    min_size: int | None


@dataclass(frozen=True)
class Filters:
    """What a picture must be like to be found: everything that is given here."""

    label: tuple[str, ...] = ()
    """One of these labels, as corrected."""
    split: str | None = None
    """This split: "train", "val" or "test"."""
    tag: tuple[str, ...] = ()
    """One of these tags."""
    problem: tuple[str, ...] = ()
    """One of these problems with its label or with the picture, such as "probably wrong" or "dark"."""
    taken: str | None = None
    """When it was taken: "2019", "2019-05", "2019-05-31", or from one to another, as in "2019-05..2020"."""
    camera: str | None = None
    """The camera: its name, or else a part of it, in capitals or not."""
    name: str | None = None
    """The file: a part of its path, or with * and ? a pattern for its path or name, in capitals or not."""
    min_size: int | None = None
    """At least so many pixels on the shorter side."""

    def __post_init__(self) -> None:
        if self.taken is not None:
            Period.parse(self.taken)
        if self.min_size is not None and self.min_size < 1:
            raise UsageError(f"the smallest size is {self.min_size}: it must be 1 pixel or more")

    @classmethod
    def of(cls, **given: str | int | Sequence[str] | None) -> "Filters":
        """Filters from `FilterKeywords`; empty ones count as not given. Raises UsageError if one is wrong."""
        return cls(
            **{
                name: ((value,) if isinstance(value, str) else tuple(value)) if name in SEVERAL else value
                for name, value in given.items()
                if value is not None and value != "" and value != ()
            }
        )

    def __bool__(self) -> bool:
        """Whether any is given."""
        return self != _NONE

    @property
    def given(self) -> "dict[str, Filters]":
        """Each of those that are given, alone, by its name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: Filters(**{name: value}) for name, value in values.items() if value != getattr(_NONE, name)
        }

    def __str__(self) -> str:
        """As in "label cat or dog, taken 2019"."""
        said = []
        for name in self.given:
            value = getattr(self, name)
            text = " or ".join(value) if isinstance(value, tuple) else str(value)
            said.append(f"at least {text} pixels" if name == "min_size" else f"{name} {text}")
        return ", ".join(said)


_NONE = Filters()


class Period(NamedTuple):
    """From one date up to, and without, another; None on an open side."""

    start: np.datetime64 | None
    end: np.datetime64 | None

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read "2019", "2019-05", "2019-05-31", "2019-05..2020", "2019.." or "..2019".

        Both ends are included, whole. Raises UsageError for anything else.
        """
        found = _PERIOD.fullmatch(text.strip())
        try:
            if not found or not any(found.group("first", "last")):
                raise ValueError
            first = np.datetime64(found["first"]) if found["first"] else None
            last = np.datetime64(found["last"]) if found["last"] else None
            last = last if found["range"] else first
            if first is not None and last is not None and last + 1 <= first:
                raise ValueError
        except ValueError:
            raise UsageError(
                f"{text!r} is not a time: write 2019, 2019-05, 2019-05-31, or from one to another as in "
                "2019-05..2020"
            ) from None
        return cls(first, None if last is None else last + 1)

    def holds(self, dates: np.ndarray) -> np.ndarray:
        """bool [n]: which of `dates` datetime64 [n] lie in it; unknown ones (NaT) do not."""
        inside = ~np.isnat(dates)
        if self.start is not None:
            inside &= dates >= self.start
        if self.end is not None:
            inside &= dates < self.end
        return inside


class PictureFacts(Protocol):
    """What there is to know about the pictures of a collection, each looked up when a filter asks for it."""

    @property
    def version(self) -> object:
        """Changes with labels, tags and problems."""
        ...

    @property
    def cameras(self) -> np.ndarray:
        """str [n]: the camera of each picture; empty if its file does not say."""
        ...

    def labels(self) -> Mapping[str, str]:
        """The label of each file."""
        ...

    def tags(self) -> Mapping[str, Collection[str]]:
        """The tags of the files that have any."""
        ...

    def problems(self) -> Mapping[str, Collection[str]]:
        """The problems of the files that have any."""
        ...

    def properties(self) -> np.ndarray:
        """`imsearch_core.pictures.properties.PROPERTIES` [n]."""
        ...


class Filtering:
    """Applies filters to the pictures of one collection. Threads may share it."""

    def __init__(self, contents: Contents, facts: PictureFacts) -> None:
        self._facts = facts
        self._contents, self._items = contents, contents.items
        self._passing = lru_cache(_KEPT)(lambda filters, version: self._look(filters))
        self._for_engines = lru_cache(_KEPT)(lambda filters, version: self._as_engines_know(filters))

    def items(self, filters: Filters) -> np.ndarray:
        """int64, ascending: the items that pass, maybe none."""
        return self._passing(filters, self._facts.version)

    def files(self, filters: Filters) -> set[str]:
        """The files that pass, maybe none."""
        return {self._items[i].file for i in self.items(filters)}

    def for_engines(self, filters: Filters) -> Filter:
        """The filter as engines know it. Raises UsageError, with what there is instead, if nothing passes."""
        if not filters:
            return EVERYTHING
        if not len(self.items(filters)):
            raise UsageError(self._why_none(filters))
        return self._for_engines(filters, self._facts.version)

    def _as_engines_know(self, filters: Filters) -> Filter:
        items = self.items(filters)
        if set(filters.given) <= {"label", "split"} and len(filters.label) < 2:
            known = Filter(next(iter(filters.label), None), filters.split)
            if np.array_equal(self._contents.matching(known), items):  # no label is corrected
                return known
        return Filter(items=items)

    def _look(self, filters: Filters) -> np.ndarray:
        passing = np.ones(len(self._items), bool)
        for name, alone in filters.given.items():
            passing &= getattr(self, f"_by_{name}")(getattr(alone, name))
        return np.flatnonzero(passing)

    def _by_label(self, wanted: tuple[str, ...]) -> np.ndarray:
        labels = self._facts.labels()
        return self._those(labels[item.file] in wanted for item in self._items)

    def _by_split(self, wanted: str) -> np.ndarray:
        return self._those(item.split == wanted for item in self._items)

    def _by_tag(self, wanted: tuple[str, ...]) -> np.ndarray:
        return self._having(self._facts.tags(), wanted)

    def _by_problem(self, wanted: tuple[str, ...]) -> np.ndarray:
        return self._having(self._facts.problems(), wanted)

    def _by_taken(self, wanted: str) -> np.ndarray:
        return Period.parse(wanted).holds(self._facts.properties()["taken"])

    def _by_camera(self, wanted: str) -> np.ndarray:
        names, of_item = np.unique(self._facts.cameras, return_inverse=True)
        folded, looked_for = [name.casefold() for name in names.tolist()], wanted.casefold()
        whole = looked_for in folded
        chosen = [one == looked_for if whole else looked_for in one for one in folded]
        return np.array(chosen, bool)[of_item]

    def _by_name(self, wanted: str) -> np.ndarray:
        wanted, files = _comparable(wanted), [_comparable(item.file) for item in self._items]
        if not set("*?") & set(wanted):
            return self._those(wanted in file for file in files)
        matches = re.compile(translate(wanted)).match
        return self._those(matches(file) or matches(file.rpartition("/")[2]) for file in files)

    def _by_min_size(self, wanted: int) -> np.ndarray:
        properties = self._facts.properties()
        return np.minimum(properties["width"], properties["height"]) >= wanted

    def _having(self, of_file: Mapping[str, Collection[str]], wanted: Iterable[str]) -> np.ndarray:
        wanted = set(wanted)
        return self._those(not wanted.isdisjoint(of_file.get(item.file, ())) for item in self._items)

    def _those(self, passing: Iterable[object]) -> np.ndarray:
        return np.fromiter(map(bool, passing), bool, len(self._items))

    def _why_none(self, filters: Filters) -> str:
        for name, alone in filters.given.items():
            if not len(self.items(alone)):
                return f"{_NOTHING[name].format(getattr(alone, name))}: {self._there_is(name)}"
        return f"no picture passes all of these filters: {filters}"

    def _there_is(self, name: str) -> str:
        """What could have been asked for instead."""
        facts = self._facts
        if name == "label":
            return _choices(facts.labels().values(), "this collection has no labels")
        if name == "split":
            return _choices((item.split for item in self._items), "this collection has no splits")
        if name in ("tag", "problem"):
            named = {one for names in getattr(facts, f"{name}s")().values() for one in names}
            return _choices(named, f"no picture has a {name}")
        if name == "camera":
            return _choices(facts.cameras.tolist(), "no file names its camera")
        if name == "name":
            return f"the first of {len(self._items):,} is {self._items[0].file}"
        properties = facts.properties()
        if name == "min_size":
            return f"the largest has {np.minimum(properties['width'], properties['height']).max()}"
        dates = properties["taken"][~np.isnat(properties["taken"])]
        if not len(dates):
            return "no file says when it was taken"
        days = dates.astype("M8[D]")
        return f"{len(dates):,} of {len(self._items):,} files say when, from {days.min()} to {days.max()}"


_NOTHING = {
    "label": "no picture has the label {0[0]!r}",
    "split": "no picture is in the split {0!r}",
    "tag": "no picture has the tag {0[0]!r}",
    "problem": "no picture has the problem {0[0]!r}",
    "taken": "no picture was taken in {0}",
    "camera": "no picture was taken with {0!r}",
    "name": "no file is called {0!r}",
    "min_size": "no picture has {0} pixels on its shorter side",
}


def _choices(names: Iterable[str | None], none: str) -> str:
    known = sorted(set(filter(None, names)))
    if not known:
        return none
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"choose from {', '.join(known[:_NAMED])}{more}"


def _comparable(text: str) -> str:
    """Without capitals; some systems write é as one character, others as two."""
    return unicodedata.normalize("NFC", text).casefold()
