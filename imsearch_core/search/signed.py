"""Splits a text into its phrases for and against, as in "king − man + woman"."""

import re
from collections.abc import Iterator

from imsearch_core.errors import UsageError

MAX_CHARACTERS = 1000
_NEGATED = re.compile(r"\b(?:not|no|without|except)\s+(?:(?:a|an|any|the)\s+)?(\w[\w'-]*)", re.IGNORECASE)


def signed_phrases(text: str) -> Iterator[tuple[int, str]]:
    """The phrases of a text, each with 1 (for) or -1 (against).

    "+" and "−" always separate phrases, a hyphen only after a space. Raises UsageError for a text of more
    than MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise UsageError(
            f"{len(text):,} characters are too many, {MAX_CHARACTERS:,} at most: describe what you "
            "look for in a few words"
        )
    sign = 1
    for piece in re.split(r"([+−]|(?:^|(?<=\s))[-–—])", text):
        if piece in ("+", "−", "-", "–", "—"):
            sign = 1 if piece == "+" else -1
        elif piece.strip():
            yield sign, piece
            sign = 1


def negation_hint(text: str) -> str | None:
    """How to ask for pictures without something: encoders and word tables read "not a cat" as "cat"."""
    negated = _NEGATED.search(text)
    if negated is None:
        return None
    return f"“{negated[0]}” is read as “{negated[1]}”: to move away from it, write “− {negated[1]}”"
