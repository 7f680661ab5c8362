"""Which folders pages may open, and what they remember."""

import pytest

from imsearch_core.errors import UsageError
from imsearch_core.ui.shell.folders import allowed_folder, allowed_roots, recent_choices, remember_choice


@pytest.fixture
def allowed(tmp_path, monkeypatch):
    folder = tmp_path / "allowed"
    (folder / "photos").mkdir(parents=True)
    monkeypatch.setenv("IMSEARCH_FOLDERS", str(folder))
    return folder


def test_folders_below_an_allowed_one_may_be_opened(allowed):
    assert allowed_folder(str(allowed)) == allowed
    assert allowed_folder(f" {allowed}/photos/../photos ") == allowed / "photos"


def test_a_path_may_be_an_address_or_in_quotes_as_file_managers_give_it(allowed):
    (allowed / "my photos").mkdir()
    for given in (f'"{allowed}/my photos"', f"file://{allowed}/my%20photos", f"{allowed}/my photos\n"):
        assert allowed_folder(given) == allowed / "my photos"


def test_nothing_leads_out_of_the_allowed_folders(allowed, tmp_path):
    (tmp_path / "secret").mkdir()
    (allowed / "way out").symlink_to(tmp_path / "secret")
    for path in (tmp_path / "secret", allowed / ".." / "secret", allowed / "way out", "/", f"{allowed}x"):
        with pytest.raises(UsageError, match="IMSEARCH_FOLDERS"):
            allowed_folder(str(path))


def test_the_folder_named_at_the_start_may_be_opened_too(allowed, tmp_path, monkeypatch):
    (tmp_path / "named" / "photos").mkdir(parents=True)
    monkeypatch.setenv("IMSEARCH_OPEN", str(tmp_path / "named"))
    assert allowed_folder(str(tmp_path / "named" / "photos")) == tmp_path / "named" / "photos"
    assert allowed_folder(str(allowed)) == allowed
    with pytest.raises(UsageError, match="IMSEARCH_FOLDERS"):
        allowed_folder(str(tmp_path))


def test_a_file_is_not_a_folder(allowed):
    (allowed / "file").write_text("")
    with pytest.raises(UsageError, match="is not a folder"):
        allowed_folder(str(allowed / "file"))


@pytest.mark.parametrize("path", ["\0", "~nobody-of-this-name", "x" * 5000])
def test_nonsense_is_no_folder(allowed, path):
    with pytest.raises(UsageError):
        allowed_folder(path)


def test_by_default_the_home_directory_and_the_project_may_be_opened(monkeypatch, tmp_path):
    monkeypatch.delenv("IMSEARCH_FOLDERS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in allowed_roots()
    assert allowed_folder("~") == tmp_path


def test_choices_are_remembered_latest_first_without_those_that_are_gone(tmp_path, home):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        remember_choice(str(tmp_path / name), 7)
    remember_choice("illustrated", 1000)
    remember_choice(str(tmp_path / "a"), 8)
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    assert list(recent_choices().items()) == [(a, 8), ("illustrated", 1000), (b, 7)]
    (tmp_path / "b").rmdir()
    assert list(recent_choices()) == [a, "illustrated"]


@pytest.mark.parametrize("content", ["", "{", "17", '{"illustrated": []}', "[1, null]", "\udcff"])
def test_a_damaged_memory_is_an_empty_one(home, content):
    (home / "recent.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert recent_choices() == {}
