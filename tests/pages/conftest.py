"""Fixtures for all pages: what may be opened, and a folder that is indexed."""

import pytest

from imsearch_core import Collection


@pytest.fixture(autouse=True)
def allowed(tmp_path, monkeypatch):
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(tmp_path))


@pytest.fixture
def indexed(pictures):
    Collection.open(pictures)
    return pictures
