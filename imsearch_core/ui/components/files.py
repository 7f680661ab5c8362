"""The files that components are made of."""

from pathlib import Path

SHARED = Path(__file__).parent
"""Where the scripts and styles lie that several components have."""


def text_of(*paths: Path) -> str:
    """The files' text, one after the other."""
    return "".join(path.read_text("utf-8") for path in paths)
