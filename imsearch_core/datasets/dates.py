"""Folders that say when their pictures were taken: 2023, 2023-05-17, 2023/05 - mai, März 2021."""

import re
import unicodedata
from functools import cache

_ENGLISH = re.compile(
    "jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?"
    "|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?"
)
_YEAR = re.compile(r"(19|20)\d\d")
_YEAR_OR_DAY = re.compile(r"(19|20)\d\d(\d\d){0,2}")  # 20230517
_EXPORTED = re.compile(  # as Google Photos calls folders
    rf"(photos|fotos?|foto['’]s) (from|von|de|da|dal|del|uit) {_YEAR.pattern}", re.IGNORECASE
)
_WEEK = re.compile(rf"({_YEAR.pattern})?[-_. ]?(w|week|kw|q)[-_. ]?\d\d?", re.IGNORECASE)
_UNITS = re.compile("[年月日년월일]")  # of year, month and day
_BETWEEN = {"de", "of"}  # enero de 2023
_PARTS = re.compile(r"[0-9]+|[^\s0-9_.,()–-]+")
# In these, Y is a year (or a date without separators), m the name of a month, d one or two digits.
_DATE = re.compile("Y(d{0,2}|m|md|dm|dmd|Y)|(dd?|m|dm|md)Y")
_BELOW_A_YEAR = re.compile("dd?|m|dm|md|dmd")
_SHORTEST = 3  # letters of the Latin alphabet; in some languages a month is called "S"


def is_date(folder: str, abbreviated: bool) -> bool:
    """Whether the last folder of a path is a year, a date, or a month or day somewhere below a year.

    Months may be named in any language that is official somewhere, and abbreviated in English; if
    `abbreviated`, in any of the languages.
    """
    *above, name = folder.split("/")
    below_a_year = any(map(_YEAR.fullmatch, above))
    if _EXPORTED.fullmatch(name) or ((below_a_year or _YEAR.match(name)) and _WEEK.fullmatch(name)):
        return True
    parts = [part for part in _PARTS.findall(_UNITS.sub(" ", _folded(name))) if part not in _BETWEEN]
    shape = re.sub("m+", "m", "".join(map(_kind, parts)))
    if not (_DATE.fullmatch(shape) or (below_a_year and _BELOW_A_YEAR.fullmatch(shape))):
        return False
    words = {part for part in parts if _kind(part) == "m"}
    return all(map(_ENGLISH.fullmatch, words)) or words <= _month_words(abbreviated)


def _kind(part: str) -> str:
    if not part[0].isdecimal():
        return "m"
    if _YEAR_OR_DAY.fullmatch(part):
        return "Y"
    return "d" if len(part) <= 2 else "?"


def _folded(name: str) -> str:
    """In lower case and composed, which lower case may have undone."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@cache
def _month_words(abbreviated: bool) -> frozenset[str]:
    """Every word in the names of months, or in abbreviations of them as well, as Unicode's CLDR has them.

    Takes more than a second of the processor the first time.
    """
    from babel import Locale, languages, localedata

    official = {
        language
        for territory in Locale("en").territories
        for language in languages.get_official_languages(territory, de_facto=True)
    }
    names = {
        name
        for language in official.intersection(localedata.locale_identifiers())
        for months in Locale.parse(language).months.values()
        for width in ("wide", "abbreviated")[: 1 + abbreviated]
        for name in months[width].values()
    }
    parts = (part for name in names for part in _PARTS.findall(_folded(name)))
    return frozenset(part for part in parts if len(part) >= _SHORTEST or not part.isascii())
