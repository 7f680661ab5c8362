"""Text for a page: names are shown as they are, whatever they contain."""

# Bytes of names that are not UTF-8, as Python keeps them, and private characters that stand for them.
_SENDABLE = {0xDC00 + byte: 0xF700 + byte for byte in range(0x80, 0x100)}
_KEPT = {private: byte for byte, private in _SENDABLE.items()}


def plain(text: object) -> str:
    """Text that Markdown shows unchanged, whatever characters it contains."""
    escaped = "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$:" else c for c in sendable(text))
    return escaped.replace("\n", " ")


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
