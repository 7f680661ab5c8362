"""How names and errors are written on a page."""

import re

import pytest

from imsearch_core.ui.shell.text import plain, sentence


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("at least 20 pictures are needed", "At least 20 pictures are needed\\."),
        ("red/1.jpg is broken", "red/1\\.jpg is broken\\."),
        ("what is this?", "What is this?"),
    ],
)
def test_an_error_is_shown_as_a_sentence_but_a_file_keeps_its_name(error, shown):
    assert sentence(error) == shown


@pytest.mark.parametrize(
    "name",
    [
        ":material/home:",
        ":material_home:",
        "a -> b",
        "<- <->",
        "x -- y",
        ">= 3 <= 5 ~= 4",
        "www.a.org",
        "a@b.org",
    ],
)
def test_what_would_be_drawn_in_spite_of_escapes_is_parted_invisibly(name):
    shown = plain(name).replace("\\", "")
    assert shown.replace("\u2060", "") == name
    drawn = r":material[/_]|:streamlit:|(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)|www\.|@\w"
    assert not re.search(drawn, shown)
