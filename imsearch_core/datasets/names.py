"""Names of files and classes: compared, sorted and shown."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

_DIGITS = re.compile(r"([0-9]+)")
_ANY_DIGIT = str.maketrans("123456789", "0" * 9)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Zero-width spaces and marks of writing direction; the joiners that emoji and some scripts need stay.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_NAMED = 3


def normal(name: str) -> str:
    """A name as it is compared: composed (NFC), trimmed, without what is invisible, a blank for control
    characters."""
    if name.isascii() and name.isprintable():
        return name.strip()
    return _INVISIBLE.sub("", _CONTROL.sub(" ", unicodedata.normalize("NFC", name))).strip()


def natural(name: str) -> list[str | int]:
    """A key that sorts numbers by their value: 2 before 10."""
    parts: list[str | int] = _DIGITS.split(name)
    parts[1::2] = map(int, parts[1::2])
    return parts


def in_natural_order(names: Sequence[str]) -> list[int]:
    """The places of `names`, sorted by `natural`, then by name.

    Names whose digits stand in the same places, such as 0001.jpg and 0002.jpg, need no keys.
    """
    places = sorted(range(len(names)), key=names.__getitem__)
    shapes = "\0".join(names).translate(_ANY_DIGIT).split("\0")  # no name holds a zero
    if len(set(shapes)) > 1:
        places.sort(key=lambda place: natural(names[place]))
    return places


def shown(name: str) -> str:
    """A name with its control characters escaped, so that it is safe to print on a terminal."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def some(names: Iterable[str]) -> str:
    """The first few names, such as "a.jpg, b.jpg, c.jpg and 7 more"."""
    names = list(names)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(shown(name) for name in islice(names, _NAMED)) + more
