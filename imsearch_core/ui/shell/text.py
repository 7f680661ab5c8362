"""Text for a page: names are shown as they are, whatever they contain."""

import re

# Bytes of names that are not UTF-8, as Python keeps them, and private characters that stand for them.
_SENDABLE = {0xDC00 + byte: 0xF700 + byte for byte in range(0x80, 0x100)}
_KEPT = {private: byte for byte, private in _SENDABLE.items()}

# What Streamlit still makes icons, arrows, dashes and links of, though escaped, unless something parts it.
_ALIVE = re.compile(
    r":(?=material[/_]|streamlit:)|(?<!\S)[<>~-](?=(?:->|[>=-])(?!\S))|www(?=\.)|https?:(?=//)|@",
    re.IGNORECASE,
)
_PARTED = "\u2060"  # word joiner: invisible


def plain(text: object) -> str:
    """Text that Markdown shows unchanged, whatever characters it contains."""
    parted = _ALIVE.sub(rf"\g<0>{_PARTED}", sendable(text).replace("\n", " "))
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$:" else c for c in parted)


def sentence(error: object) -> str:
    """What an error says, as a sentence: a capital, unless it begins with a file, and a full stop."""
    text = str(error)
    first = text.split(" ", 1)[0]
    if first.isalpha():
        text = text[:1].upper() + text[1:]
    return plain(text if text.endswith((".", "?", "!")) else f"{text}.")


def plain_in_badge(text: object) -> str:
    """Text that `st.badge` shows unchanged: it escapes brackets itself."""
    return plain(text).replace(r"\[", "[").replace(r"\]", "]")


def sendable(text: object) -> str:
    """Text that can go to a browser: Streamlit and JSON take no bytes that are not UTF-8.

    Names that differ stay apart.
    """
    return str(text).translate(_SENDABLE).encode("utf-8", "replace").decode()


def as_kept(text: str) -> str:
    """The name that `sendable` has made this text of."""
    return text.translate(_KEPT)
