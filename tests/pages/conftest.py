"""Fixtures for all pages: what may be opened, and a folder that is indexed."""

import pytest

from imsearch_core import Collection
from imsearch_core.ui.shell.open_collections import _collections


@pytest.fixture(autouse=True)
def allowed(tmp_path, monkeypatch):
    _collections.clear()  # what another test has opened, and what was made for it
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))


@pytest.fixture
def indexed(pictures):
    Collection.open(pictures)
    return pictures
