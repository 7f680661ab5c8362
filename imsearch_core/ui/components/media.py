"""Pictures that a page shows, under addresses of their own."""

from functools import cache

import streamlit as st
from streamlit import runtime


def media_url(webp: bytes) -> str:
    """The address at which the browser gets a WebP while this session shows it; empty for no content.

    Streamlit keeps the bytes in memory, under a name made of their hash: no file can be asked for
    that no page shows, and a browser loads a picture when it comes into view, and once.
    """
    if not webp:
        return ""
    place = f"imsearch {hash(webp)}"  # pictures at one place would replace each other
    address = runtime.get_instance().media_file_mgr.add(webp, "image/webp", place)
    return f"{_base()}{address}"


@cache
def _base() -> str:
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""
