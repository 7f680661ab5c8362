"""words on the command line."""

import pytest

from tests.cli.test_cli import run


def test_the_nearest_words_come_as_json(capsys):
    code, words, _ = run(capsys, "words", "ocean", "-k", 5, "--json")
    assert code == 0
    assert len(words) == 5
    assert all(word.keys() == {"word", "cosine"} for word in words)
    assert "sea" in [word["word"] for word in words]
    cosines = [word["cosine"] for word in words]
    assert cosines == sorted(cosines, reverse=True)


@pytest.mark.parametrize("text", [["king − man + woman"], ["king", "-", "man", "+", "woman"]])
def test_arithmetic_may_be_one_argument_or_several(capsys, text):
    code, out, _ = run(capsys, "words", *text, "-k", 1)
    assert code == 0
    assert out.split()[1] == "queen"


def test_a_glove_file_may_be_the_table(capsys, tmp_path):
    path = tmp_path / "my.txt"
    path.write_text("cat 1 0\ndog 0.9 0.1\nshort 1\ncar 0 1\n")
    code, words, err = run(capsys, "words", "cat", "--table", path, "--engine", "annoy", "--json")
    assert [word["word"] for word in words] == ["dog", "car"]
    assert code == 0
    assert "line 3" in err


def test_unknown_words_are_told_on_standard_error(capsys):
    code, out, err = run(capsys, "words", "sofaa with a cat", "-k", 1)
    assert code == 0
    assert out
    assert "'sofaa' is not in the built-in table: did you mean sofa" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["😀"], "there are no words"),
        (["sofaa"], "did you mean sofa"),
        (["ocean", "-k", "0"], "ask for 1 or more"),
        (["ocean", "--table", "/nowhere/glove.txt"], "there is no file"),
    ],
)
def test_a_wrong_request_says_what_to_do(capsys, arguments, message):
    code, _, err = run(capsys, "words", *arguments)
    assert code == 2
    assert message in err


@pytest.mark.usefixtures("one_attempt")
def test_fetching_offline_is_a_failure_with_instructions(capsys, home, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    code, _, err = run(capsys, "words", "fetch-glove", "--url", "http://127.0.0.1:9/glove.6B.zip")
    assert code == 1
    assert f"unpack it into {home / 'words'}" in err
