"""Labels from tables: which shapes are read, which file a row means, and what is said of the rest."""

import gzip
import json
import unicodedata

import pyarrow
import pytest
from pyarrow import parquet

from imsearch_core.datasets import scan
from imsearch_core.errors import ImsearchError


@pytest.fixture
def folder(tmp_path):
    photos = tmp_path / "photos"
    for file in ("cat/00.jpg", "cat/01.jpg", "cat/02.jpg", "dog/00.jpg", "dog/03.jpg"):
        (photos / file).parent.mkdir(parents=True, exist_ok=True)
        (photos / file).touch()
    return photos


def read(folder, table, content):
    """The label and all labels of each picture, after the table was written."""
    (folder / table).write_bytes(content if isinstance(content, bytes) else content.encode())
    return {item.file: (item.given_label, item.all_labels) for item in scan(folder).items}


@pytest.mark.parametrize(
    "content",
    [
        "file,label\ncat/00.jpg,tabby\n",
        "\ufefffile,label\r\ncat/00.jpg,tabby\r\n",
        "file;label\ncat/00.jpg;tabby\n",
        "sep=;\r\nfile;label\r\ncat/00.jpg;tabby\r\n",
        "file\tlabel\ncat/00.jpg\ttabby\n",
        "file\tlabel\ncat/00.jpg\ttabby\n".encode("utf-16"),
        "file,label\ncat/00.jpg,tabby\n".encode("utf-16-le"),
        'File , Class\n"cat/00.jpg", "tabby"\n',
        "width,filename,class\n640,cat/00.jpg,tabby\n",
        "path,labels\ncat/00.jpg,tabby\n",
        "image,label\ncat/00.jpg,tabby \n",
        '"file";"label"\n"cat/00.jpg";"tabby"\n',
        "\n \r\nfile,label\ncat/00.jpg,tabby\n",
        "file,label\rcat/00.jpg,tabby\r",
        "# made by hand, 2019\n#\nfile,label\ncat/00.jpg,tabby\n",
        "file,label,,\ncat/00.jpg,tabby,,\n,,,\n",
    ],
)
def test_a_table_is_read_in_any_usual_shape(folder, content):
    assert read(folder, "labels.csv", content)["cat/00.jpg"] == ("tabby", ("tabby",))


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        ("Datei;Klasse\r\ncat/00.jpg;tabby\r\n", "“Datei” as the file, “Klasse” as the class"),
        ("文件名\t标签\ncat/00.jpg\ttabby\n", "“文件名” as the file, “标签” as the class"),
        ("breed,id\ntabby,03\ntabby,02\n", "“id” as the file, “breed” as the class"),
        ("name,label\ncat/00.jpg,tabby\n", "“name” as the file"),
        ("image,dx\ncat/00.jpg,tabby\n", "“dx” as the class"),
        ("no,scan,label\n00,cat/00.jpg,tabby\n02,cat/02.jpg,tabby\n", "“scan” as the file"),
    ],
)
def test_columns_with_other_names_are_known_by_what_is_in_them_and_that_is_said(folder, content, read_as):
    found = read(folder, "labels.csv", content)
    assert "tabby" in {label for label, _ in found.values()}
    assert f"labels.csv is read with {read_as}" in scan(folder).notes


@pytest.mark.parametrize(
    "title", ["Inventory 2026,,\r\n,,\r\n", "Inventory 2026;;\r\n;;\r\n", ",,\r\nInventory,,\r\n"]
)
@pytest.mark.parametrize("header", ["Datei,Klasse,", "file,label,note"])
def test_a_title_above_the_header_is_passed_over(folder, title, header):
    delimiter = ";" if ";" in title else ","
    content = title + f"{header}\r\ncat/00.jpg,tabby,\r\ncat/01.jpg,tabby,\r\n".replace(",", delimiter)
    assert read(folder, "labels.csv", content)["cat/00.jpg"] == ("tabby", ("tabby",))


def test_a_number_whose_zeros_a_spreadsheet_has_dropped_finds_its_picture(folder):
    for name in ("0007.jpg", "0010.jpg", "010.jpg"):
        (folder / name).touch()
    found = read(folder, "labels.csv", "image_id,label\n7,tabby\n10,lion\n")
    assert found["0007.jpg"] == ("tabby", ("tabby",))
    assert "lion" not in {label for label, _ in found.values()}


@pytest.mark.parametrize(
    "rows",
    [
        ["a cat that sleeps on a mat", "a brown dog"],
        [f"0f{number}" for number in range(20)],
        ["0.5", "0.25"],
    ],
    ids=["captions", "a number for each", "measurements"],
)
def test_a_column_of_captions_or_numbers_has_no_classes(folder, rows):
    for number in range(len(rows)):
        (folder / f"x{number}.jpg").touch()
    content = "".join(f"x{number}.jpg,{cell}\n" for number, cell in enumerate(rows))
    found = read(folder, "labels.csv", f"file,about\n{content}")
    assert {found[f"x{number}.jpg"][0] for number in range(len(rows))} == {None}
    assert "labels.csv names no class" in scan(folder).notes[0]


@pytest.mark.parametrize("table", ["labels.csv", "_classes.csv"])
@pytest.mark.parametrize(
    ("yes", "no"), [("1", "0"), ("1.0", "0.0"), ("1", "-1"), ("True", "False"), ("1", "")]
)
def test_a_column_for_each_class_marks_those_that_a_picture_shows(folder, table, yes, no):
    content = f"filename, tabby, dining table\ncat/00.jpg, {yes}, {yes}\ncat/01.jpg, {no}, {yes}\n"
    found = read(folder, table, f"{content}dog/03.jpg, {no}, {no}\n")
    assert found["cat/00.jpg"] == ("tabby", ("tabby", "dining table"))
    assert found["cat/01.jpg"] == ("dining table", ("dining table",))
    assert found["dog/03.jpg"] == ("dog", ("dog",))
    read_as = "“tabby”, “dining table” as classes, shown where they are 1"
    assert f"{table} is read with {read_as}" in scan(folder).notes


def test_the_colours_of_masks_in_the_place_of_classes_are_no_table_of_pictures(folder):
    found = read(folder, "_classes.csv", "Pixel Value, Class\n0, background\n1, cat\n")
    assert found["cat/00.jpg"] == ("cat", ("cat",))


def test_a_picture_uploaded_to_label_studio_is_found_by_its_first_name(folder):
    table = "id,image,choice\n3,/data/upload/1/0f1a2b3c-03.jpg,collie\n"
    assert read(folder, "labels.csv", table)["dog/03.jpg"] == ("collie", ("collie",))


@pytest.mark.parametrize(("second", "labels"), [("2.0", ("1", "2")), ("2.5", ("1.0", "2.5"))])
def test_whole_numbers_that_pandas_wrote_with_a_fraction_are_the_classes_they_were(folder, second, labels):
    table = f"file,label\ncat/00.jpg,1.0\ncat/01.jpg,\ncat/02.jpg,{second}\n"
    found = read(folder, "labels.csv", table)
    assert (found["cat/00.jpg"][0], found["cat/02.jpg"][0]) == labels
    assert found["cat/01.jpg"][0] == "cat"


@pytest.mark.parametrize(
    "path",
    [
        "cat\\01.jpg",
        "./cat/01.jpg",
        "cat//01.jpg",
        "/cat/01.jpg",
        " cat/01.jpg ",
        "Cat/01.JPG",
        "01.jpg",
        "photos/cat/01.jpg",
        "{folder}/cat/01.jpg",
        "/elsewhere/photos/cat/01.jpg",
        "dog/../cat/01.jpg",
        "\u200bcat/01.jpg\u00a0",
        "cat/%301.jpg",
    ],
)
def test_a_path_in_another_form_finds_its_picture(folder, path):
    row = path.format(folder=folder)
    assert read(folder, "labels.csv", f"file,label\n{row},tabby\n")["cat/01.jpg"] == ("tabby", ("tabby",))


def test_a_name_without_suffix_finds_the_only_picture_with_it(folder):
    found = read(folder, "labels.csv", "file,label\n01,tabby\n00,lion\n")
    assert found["cat/01.jpg"] == ("tabby", ("tabby",))
    assert "lion" not in {label for label, _ in found.values()}


def test_a_table_in_a_split_may_name_pictures_of_another(tmp_path):
    for file in ("train/00.jpg", "test/00.jpg", "test/01.jpg"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    found = read(
        tmp_path,
        "train/labels.csv",
        f"file,label\n../test/00.jpg,cat\n{tmp_path.resolve()}/test/01.jpg,dog\n",
    )
    assert {file: label for file, (label, _) in found.items()} == {
        "test/00.jpg": "cat",
        "test/01.jpg": "dog",
        "train/00.jpg": None,
    }


def test_a_table_without_labels_and_tables_of_another_name_are_said(folder, tmp_path):
    read(folder, "labels.csv", "file,width,height\ncat/00.jpg,640,480\n")
    assert "labels.csv names no class: it has none in a column called label, class" in scan(folder).notes[0]
    (folder / "labels.csv").rename(folder / "labels.tsv")
    (folder / "prices.csv").write_text("1,2")
    (folder / "labels.csv.gz").touch()
    said = ["not read: labels.csv.gz, labels.tsv"]
    assert [note.partition(";")[0] for note in scan(folder).notes] == said
    flat = tmp_path / "flat"
    flat.mkdir()
    (flat / "a.jpg").touch()
    (flat / "train.csv").write_text("image,label\na.jpg,cat\n")
    assert [note.partition(";")[0] for note in scan(flat).notes] == ["not read: train.csv"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(b"file,label", mtime=0), "packed"),
        (b"PK\3\4\xff", "a workbook or an archive"),
        (b"PAR1\xff", "Parquet: call it metadata.parquet"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer: run git lfs pull"),
        (b"\n<!DOCTYPE html>", "a web page"),
        (b'[{"file": "cat/00.jpg"}]', "JSON"),
    ],
)
def test_a_file_of_another_kind_in_the_place_of_a_table_is_called_what_it_is(folder, content, reason):
    (folder / "labels.csv").write_bytes(content)
    with pytest.raises(ImsearchError, match=rf"labels\.csv cannot be read: it is {reason}"):
        scan(folder)


@pytest.mark.parametrize("header", ["Image Path,Class Name", "image_id,category", "FileName,label-name"])
def test_columns_are_known_by_their_usual_names(folder, header):
    assert read(folder, "labels.csv", f"{header}\ncat/00.jpg,tabby\n")["cat/00.jpg"][0] == "tabby"


def test_the_address_of_a_picture_may_go_on_after_its_path(folder):
    rows = "https://example.org/data/cat/00.jpg?width=200#top,tabby\ngs://bucket/01.jpg,tabby\n"
    found = read(folder, "labels.csv", f"file,label\n{rows}")
    assert (found["cat/00.jpg"][0], found["cat/01.jpg"][0]) == ("tabby", "tabby")


def test_a_table_that_is_to_be_ignored_is_not_read(folder):
    (folder / ".imsearchignore").write_bytes("labels.csv\r\n".encode("utf-16"))
    assert read(folder, "labels.csv", "damaged\n")["cat/00.jpg"] == ("cat", ("cat",))


@pytest.mark.parametrize(("on_disk", "in_table"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_composed_and_decomposed_letters_are_the_same(folder, on_disk, in_table):
    file = unicodedata.normalize(on_disk, "café/00.jpg")
    (folder / file).parent.mkdir()
    (folder / file).touch()
    row = unicodedata.normalize(in_table, "café/00.jpg")
    assert read(folder, "labels.csv", f"file,label\n{row},tabby\n")[file] == ("tabby", ("tabby",))


@pytest.mark.parametrize("table", ["Labels.CSV", "METADATA.csv"])
def test_the_name_of_a_table_may_be_in_any_case(folder, table):
    assert read(folder, table, "file,label\ncat/00.jpg,tabby\n")["cat/00.jpg"] == ("tabby", ("tabby",))


def test_a_table_that_lies_among_the_classes_is_not_read_and_named(folder):
    assert read(folder, "cat/labels.csv", "file,label\n00.jpg,tabby\n")["cat/00.jpg"][0] == "cat"
    assert scan(folder).notes == ("not read, because tables belong above the classes: cat/labels.csv",)


def test_a_row_that_could_mean_two_pictures_means_none(folder):
    found = read(folder, "labels.csv", "file,label\n00.jpg,tabby\n")
    assert found["cat/00.jpg"] == ("cat", ("cat",))
    assert found["dog/00.jpg"] == ("dog", ("dog",))
    assert scan(folder).notes[0] == "labels.csv: 1 row matches no picture: 00.jpg in line 2"


@pytest.mark.parametrize(
    ("cell", "classes"),
    [
        ("cat;sofa", ("cat", "sofa")),
        ("cat|dining table", ("cat", "dining table")),
        ('"[""cat"", ""dining table""]"', ("cat", "dining table")),
        ("cat sofa", ("cat", "sofa")),
        ("dog collie", ("cat", "dog", "collie")),
        ("dining table", ("cat", "dining table")),
        ("\"['cat', 'dining table']\"", ("cat", "dining table")),
        ('"collie, dog"', ("cat", "collie", "dog")),
    ],
)
def test_a_class_of_several_words_stays_one_class(folder, cell, classes):
    content = f"file,label,all_labels\ncat/00.jpg,cat,{cell}\ndog/00.jpg,collie,\n"
    assert read(folder, "labels.csv", content)["cat/00.jpg"] == ("cat", classes)


@pytest.mark.parametrize(("cell", "label"), [("", "cat"), ("tabby", "tabby")], ids=["folder's", "row's"])
def test_the_own_label_belongs_to_the_classes_that_a_row_lists(folder, cell, label):
    content = f"file,label,all_labels\ncat/00.jpg,{cell},sofa;bottle\n"
    assert read(folder, "labels.csv", content)["cat/00.jpg"] == (label, (label, "sofa", "bottle"))


def test_a_table_may_name_the_split(folder):
    read(folder, "labels.csv", "file,split\ncat/00.jpg,validation\ncat/01.jpg,Test\ndog/00.jpg,fold 3\n")
    found = {item.file: item.split for item in scan(folder).items}
    assert (found["cat/00.jpg"], found["cat/01.jpg"], found["dog/00.jpg"]) == ("val", "test", None)
    assert "labels.csv: 1 split is not train, val or test: fold 3" in scan(folder).notes


def test_a_label_that_its_row_calls_wrong_is_not_among_the_classes_shown(folder):
    content = "file,label,all_labels,wrong\ncat/00.jpg,tabby,sofa,1\ncat/01.jpg,tabby,sofa,0\n"
    found = read(folder, "labels.csv", content)
    assert found["cat/00.jpg"] == ("tabby", ("sofa",))
    assert found["cat/01.jpg"] == ("tabby", ("tabby", "sofa"))


def test_rows_without_a_picture_pictures_without_a_row_and_repeated_rows_are_named(folder):
    content = (
        "file,label\ncat/00.jpg,tabby\ncat/00.jpg,siamese\ncat/99.jpg,lion\n"
        "dog/00.jpg,collie,x\ncat/01.jpg,nan\n"
    )
    assert read(folder, "labels.csv", content)["cat/00.jpg"] == ("siamese", ("siamese",))
    assert scan(folder).notes == (
        "labels.csv: 1 row has more cells than the first line, which were ignored: line 5",
        "labels.csv: 1 row matches no picture: cat/99.jpg in line 4",
        "labels.csv: 1 row repeats a picture, and the last row counts: cat/00.jpg",
        "labels.csv: 1 label is read as missing: nan",
        "2 pictures have no row in labels.csv: cat/02.jpg, dog/03.jpg",
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "line 1 is empty"),
        ("cat/00.jpg,tabby\n", "line 1 has no column for files"),
        (b"file,label\ncat/00.jpg,caf\xe9\n", "line 2 is not UTF-8"),
        ('file,label\ncat/00.jpg,a\ncat/01.jpg,"tabby\n\n', "line 3 is not CSV"),
        ('file,label\ncat/00.jpg,"tabby" and more\n', "line 2 is not CSV"),
        (b"file,label\ncat/00.jpg," + b"x" * 200_000, "line 2 is not CSV"),
    ],
    ids=["empty", "no header", "Latin-1", "open quote", "text after a quote", "endless cell"],
)
def test_a_malformed_table_is_refused_by_name_and_line(folder, content, reason):
    with pytest.raises(ImsearchError) as raised:
        read(folder, "labels.csv", content)
    assert str(raised.value).startswith(f"{folder / 'labels.csv'} cannot be read: {reason}")


def test_metadata_in_json_lines_is_read(folder):
    rows = [
        {"file_name": "cat/00.jpg", "label": "tabby", "labels": ["tabby", "sofa"]},
        {"file_name": "cat/01.jpg", "label": 3},
        {"file_name": "cat/02.jpg", "label": None},
    ]
    found = read(folder, "metadata.jsonl", "\n".join(map(json.dumps, rows)))
    assert found["cat/00.jpg"] == ("tabby", ("tabby", "sofa"))
    assert found["cat/01.jpg"] == ("3", ("3",))
    assert found["cat/02.jpg"] == ("cat", ("cat",))


def test_the_classes_of_objects_in_metadata_are_read_that_of_the_largest_first(folder):
    rows = [
        {
            "file_name": "cat/00.jpg",
            "objects": {"bbox": [[0, 0, 2, 2], [0, 0, 9, 9]], "categories": ["cat", "sofa"]},
        },
        {"file_name": "cat/01.jpg", "objects": {"bbox": [], "categories": []}},
        {
            "file_name": "cat/02.jpg",
            "objects": {"bbox": [{"x": 1}, [1, 2, "wide", 3]], "label": ["cup", "bowl"]},
        },
        {"file_name": "dog/00.jpg", "label": "collie", "objects": {"bbox": [[0, 0, 2, 2]], "category": [3]}},
    ]
    found = read(folder, "metadata.jsonl", "\n".join(map(json.dumps, rows)))
    assert found["cat/00.jpg"] == ("cat", ("sofa", "cat"))
    assert found["cat/01.jpg"] == ("cat", ("cat",))
    assert found["cat/02.jpg"] == ("cup", ("cup", "bowl"))
    assert found["dog/00.jpg"] == ("collie", ("collie",))
    read(folder, "metadata.jsonl", json.dumps(rows[0] | {"file_name": "dog/03.jpg"}))
    found = {item.file: item.given_label for item in scan(folder).items}
    assert found["dog/03.jpg"] == "sofa"


@pytest.mark.parametrize("line", ["{", "[1]", '{"label": "cat"}'])
def test_a_malformed_json_line_is_refused_by_its_number(folder, line):
    with pytest.raises(ImsearchError, match="cannot be read: line 2 "):
        read(folder, "metadata.jsonl", f'{{"file_name": "cat/00.jpg"}}\n{line}\n')


def test_metadata_in_parquet_is_read(folder):
    table = pyarrow.table(
        {"file_name": ["cat/00.jpg", "dog/00.jpg"], "labels": [["tabby", "sofa"], ["collie"]]}
    )
    parquet.write_table(table, folder / "metadata.parquet")
    found = {item.file: (item.given_label, item.all_labels) for item in scan(folder).items}
    assert found["cat/00.jpg"] == ("tabby", ("tabby", "sofa"))
    assert found["dog/00.jpg"] == ("collie", ("collie",))


def test_classes_that_a_parquet_file_holds_by_number_get_their_names(folder):
    kinds = {
        "file_name": {"dtype": "string", "_type": "Value"},
        "label": {"names": ["tabby", "collie"], "_type": "ClassLabel"},
        "all_labels": {
            "feature": {"names": ["tabby", "collie", "sofa"], "_type": "ClassLabel"},
            "_type": "List",
        },
    }
    table = pyarrow.table(
        {
            "file_name": ["cat/00.jpg", "dog/00.jpg", "dog/03.jpg"],
            "label": [0, 1, -1],
            "all_labels": [[2, 0], [1], []],
        }
    ).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": kinds}})})
    parquet.write_table(table, folder / "metadata.parquet")
    found = {item.file: (item.given_label, item.all_labels) for item in scan(folder).items}
    assert found["cat/00.jpg"] == ("tabby", ("sofa", "tabby"))
    assert found["dog/00.jpg"] == ("collie", ("collie",))
    assert found["dog/03.jpg"] == ("dog", ("dog",))


@pytest.mark.parametrize("metadata", ["{", "[]", '{"info": {"features": {"label": 3}}}'])
def test_a_parquet_file_with_other_metadata_is_read_as_it_is(folder, metadata):
    table = pyarrow.table({"file_name": ["cat/00.jpg"], "label": [7]})
    parquet.write_table(table.replace_schema_metadata({"huggingface": metadata}), folder / "metadata.parquet")
    assert {item.file: item.given_label for item in scan(folder).items}["cat/00.jpg"] == "7"


def test_a_damaged_parquet_file_is_refused_by_name(folder):
    with pytest.raises(ImsearchError, match=r"metadata\.parquet cannot be read: it is not Parquet"):
        read(folder, "metadata.parquet", b"PAR1 and no more")


def test_each_split_may_have_metadata_of_its_own(tmp_path):
    for split, label in (("train", "tabby"), ("test", "collie")):
        (tmp_path / split).mkdir()
        (tmp_path / split / "1.jpg").touch()
        (tmp_path / split / "metadata.csv").write_text(f"file_name,label\n1.jpg,{label}\n")
    dataset = scan(tmp_path)
    assert {(item.file, item.given_label, item.split) for item in dataset.items} == {
        ("train/1.jpg", "tabby", "train"),
        ("test/1.jpg", "collie", "test"),
    }
    assert dataset.notes == ("2 classes, 2 splits",)
