"""Large files from a server with faults: whole or not at all, and going on where they stopped."""

import pytest

from imsearch_core.download import Patience, download_file
from imsearch_core.errors import ImsearchError
from tests.local_site import Site

HURRY = Patience(silence=0.3, pause=0.01)
CONTENT = bytes(range(256)) * 4000


@pytest.fixture
def site():
    opened = Site()
    opened.files = {"/big.bin": CONTENT}
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "big.bin"


def fetch(site, path, **options):
    download_file(f"{site.url}/big.bin", path, patience=HURRY, **options)


def only(path):
    """Whether nothing but the file, and perhaps a lock, lies in its folder."""
    return {p.name for p in path.parent.iterdir() if p.suffix != ".lock"} == {path.name}


def test_a_file_arrives_whole_with_progress_in_bytes(site, path):
    seen = []
    fetch(site, path, progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert only(path)


def test_a_broken_connection_is_taken_up_where_it_broke(site, path):
    site.faults = {"/big.bin": ["truncated", "truncated"]}
    fetch(site, path)
    assert path.read_bytes() == CONTENT
    assert site.ranges == [None, f"bytes={len(CONTENT) // 2}-", f"bytes={len(CONTENT) * 3 // 4}-"]


def test_an_interrupted_call_is_taken_up_by_the_next(site, path):
    site.faults = {"/big.bin": ["truncated", "500", "500", "500"]}
    with pytest.raises(ImsearchError, match="answered 500"):
        fetch(site, path)
    assert not path.exists()
    fetch(site, path)
    assert path.read_bytes() == CONTENT
    assert site.ranges[-1] == f"bytes={len(CONTENT) // 2}-"


def test_two_different_files_are_never_joined(site, path):
    site.faults = {"/big.bin": ["truncated", "500", "500", "500"]}
    with pytest.raises(ImsearchError):
        fetch(site, path)
    site.files["/big.bin"] = CONTENT[::-1]
    fetch(site, path)
    assert path.read_bytes() == CONTENT[::-1]


def test_what_had_arrived_whole_is_not_fetched_again(site, path):
    site.faults = {"/big.bin": ["truncated", "500", "500", "500"]}
    with pytest.raises(ImsearchError):
        fetch(site, path)
    path.with_name("big.bin.part").write_bytes(CONTENT)  # killed just before it was put in place
    fetch(site, path)
    assert path.read_bytes() == CONTENT
    assert site.ranges[-1] == f"bytes={len(CONTENT)}-"


def test_a_refusal_is_final_and_told(site, path):
    site.files = {}
    with pytest.raises(ImsearchError, match="answered 404"):
        fetch(site, path)
    assert len(site.requests) == 1


def test_a_silent_server_is_given_up(site, path):
    site.faults = {"/big.bin": ["silent"] * 3}
    with pytest.raises(ImsearchError, match="too slow"):
        fetch(site, path)


def test_a_folder_that_cannot_be_written_to_is_named(site, path):
    path.parent.write_text("a file in the way")
    with pytest.raises(ImsearchError, match=r"big\.bin cannot be written to"):
        fetch(site, path)
