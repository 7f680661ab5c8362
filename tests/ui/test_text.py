"""How names and errors are written on a page."""

import pytest

from imsearch_core.ui.shell.text import sentence


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
