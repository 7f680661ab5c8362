"""CSV that a spreadsheet opens without running it, and that reads back unchanged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imsearch_core import UsageError
from imsearch_core.spreadsheets import decoded, restored, to_csv

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text):
    (_, (cell,)) = csv.reader(io.StringIO(decoded(to_csv(["name"], [[text]])), newline=""))
    assert cell == f"'{text}"


def test_numbers_and_other_text_are_left_as_they_are():
    row = [-0.5, 1, None, "cat", "'quoted'", "a=b"]
    assert to_csv(["a"], [row]) == b"\xef\xbb\xbfa\r\n-0.5,1,,cat,'quoted',a=b\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8")) | st.sampled_from(FORMULAS), min_size=2, max_size=4))
def test_any_text_reads_back_unchanged(row):
    (_, cells) = csv.reader(io.StringIO(decoded(to_csv(["a"], [row])), newline=""))
    assert [restored(cell) for cell in cells] == row


def test_a_name_that_is_not_utf8_survives():
    assert decoded(to_csv(["\udcff"], [])) == "\udcff\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_unicode_in_any_encoding_is_read(encoding):
    assert decoded("file,label\né.jpg,猫".encode(encoding)) == "file,label\né.jpg,猫"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_table_that_is_cut_within_a_letter_is_refused_by_its_encoding(encoding):
    with pytest.raises(UsageError, match=f"line 2 is not {encoding.upper()}"):
        decoded("file\na.jpg".encode(encoding)[:-1])


def test_another_encoding_is_refused_with_the_line():
    with pytest.raises(UsageError, match="line 3 is not UTF-8"):
        decoded("file\na.jpg\nété.jpg\n".encode("cp1252"))
