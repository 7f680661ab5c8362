"""Tags as a table: what is exported is read back unchanged, and what cannot be read is named."""

import pytest

from imsearch_core.datasets import scan
from imsearch_core.errors import UsageError
from imsearch_core.labels.corrections import Corrections
from imsearch_core.labels.tags_csv import is_tags_csv, tags_from_csv, tags_to_csv
from tests.conftest import draw_folder

TAGS = {
    "blue/0.jpg": ("exclude", "my; odd, tag"),
    "blue/1.jpg": ("=SUM(A1)", "keep"),
    "red/2.jpg": ("[x]",),
}


@pytest.fixture
def folder(tmp_path):
    return draw_folder(tmp_path / "pictures")


def tagged(folder, tags):
    corrections = Corrections.of(folder, scan(folder).items)
    corrections.add_tags(corrections.tag_changes(tags))
    return corrections


def exported(folder, corrections):
    items = scan(folder).items
    return tags_to_csv(items, {item.file: item.given_label for item in items}, corrections.tags)


def test_exported_tags_are_read_back_unchanged_elsewhere(folder, tmp_path):
    table = exported(folder, tagged(folder, TAGS))
    assert is_tags_csv(table)
    copy = draw_folder(tmp_path / "copy")
    found = tags_from_csv(table, {item.file for item in scan(copy).items})
    assert tagged(copy, found.by_file).tags == TAGS
    assert found.unknown == ()


def test_listed_pictures_get_exactly_the_tags_of_their_row_and_others_keep_theirs(folder):
    corrections = tagged(folder, TAGS)
    found = tags_from_csv(b"tags,file\nnew; keep,blue/0.jpg\n,red/2.jpg\nkeep,gone.jpg\n", TAGS)
    assert found.unknown == ("gone.jpg",)
    changes = corrections.tag_changes(found.by_file)
    assert sum(change.off for change in changes) == 3
    corrections.add_tags(changes)
    assert corrections.tags == {"blue/0.jpg": ("keep", "new"), "blue/1.jpg": TAGS["blue/1.jpg"]}
    assert corrections.tag_changes(found.by_file) == []


@pytest.mark.parametrize(
    "table",
    [
        b'file;tags\nblue/0.jpg;"new; keep"\n',
        b"sep=\t\nFile\tTags\nblue/0.jpg\tnew; keep\n",
        "label|file|tags\n|blue/0.jpg|keep;new\n".encode("utf-16"),
        b"\xef\xbb\xbffile,tags,split\r\nblue/0.jpg,new; keep\r\n\r\n",
    ],
    ids=["semicolon", "tab", "utf-16", "bom"],
)
def test_a_table_is_read_in_any_delimiter_and_encoding_of_spreadsheets(table):
    assert is_tags_csv(table)
    assert tags_from_csv(table, TAGS).by_file == {"blue/0.jpg": ("keep", "new")}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("file,label\na,b", "no column tags: line 1 must name file, tags"),
        ("file,tags\na,x\na,y", "line 3: a is listed twice"),
        ("file,tags\n,x", "line 2: no file is named"),
        ('file,tags\na,"[1]"', "line 2: .*each must be text"),
        ("file,tags\na,[x", "line 2: .*is not a list"),
        ('file,tags\na,"x', "line 2 is not CSV"),
        ("file;tags\na;x;y", "line 2: 2 fields are expected"),
        (f"file,tags\na,{'x' * 101}", "line 2: a class name has 1 to 100 characters"),
    ],
)
def test_a_bad_row_is_named_by_its_line(rows, message):
    with pytest.raises(UsageError, match=message):
        tags_from_csv(rows.encode(), {"a"})
