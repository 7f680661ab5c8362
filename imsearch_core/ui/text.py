"""Words on a page."""


def plain(text: object) -> str:
    """Text that markdown shows as it stands, whatever a file is called."""
    escaped = "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$:" else c for c in str(text))
    return escaped.encode("utf-8", "replace").decode().replace("\n", " ")
