"""Exports hold every label, tag and split, by the rules of the tools that read them."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from imsearch_core.errors import UsageError
from imsearch_core.labels.decisions import Choice, Decision
from imsearch_core.labels.exports import Format, export
from imsearch_core.labels.tags_csv import tags_from_csv
from tests.colour_encoder import open_colours


@pytest.fixture
def photos(pictures, tmp_path):
    """Three classes in two splits; one label is corrected, and one picture tagged."""
    folder = tmp_path / "split"
    (folder / "train").mkdir(parents=True)
    (folder / "test").mkdir()
    for split, label in (("train", "red"), ("train", "green"), ("test", "blue")):
        (pictures / label).rename(folder / split / label)
    opened = open_colours(folder)
    opened.corrections.decide_all([Decision("train/red/1.jpg", "red", "sky", 0.1, Choice.RELABEL)], "me")
    opened.corrections.tag(["test/blue/2.jpg"], "exclude", "me")
    return opened


def test_a_frame_has_a_row_for_each_picture_in_the_order_of_the_embeddings(photos):
    frame, embeddings = photos.to_frame(), photos.embeddings_array()
    assert frame["file"].tolist() == [item.file for item in photos.items]
    row = frame.set_index("file").loc["train/red/1.jpg"]
    assert (row["label"], row["given_label"], row["split"]) == ("sky", "red", "train")
    assert frame.set_index("file").loc["test/blue/2.jpg", "tags"] == ("exclude",)
    assert frame["quality"].between(0, 1).all()
    assert frame[["x", "y"]].notna().all(axis=None)
    assert (frame["width"] == 96).all()
    assert embeddings.shape == (12, 48)
    query = photos.query("train/red/1.jpg").embedding
    assert np.allclose(embeddings[frame["file"].tolist().index("train/red/1.jpg")], query)


def test_an_imagefolder_has_the_metadata_of_every_picture_beside_it(photos, tmp_path):
    target = tmp_path / "hub"
    export(photos.to_frame(), photos.folder, target, Format.IMAGEFOLDER)
    rows = {}
    for split in ("train", "test"):
        for line in (target / split / "metadata.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            file = f"{split}/{row['file_name']}"
            assert (target / file).read_bytes() == (photos.folder / file).read_bytes()
            rows[file] = row
    assert {file: row["label"] for file, row in rows.items()} == dict(photos.shown_labels)
    assert rows["train/red/1.jpg"]["given_label"] == "red"
    assert rows["test/blue/2.jpg"]["tags"] == "exclude"
    assert rows["train/red/1.jpg"]["tags"] == ""


def test_the_metadata_of_all_splits_have_columns_of_the_same_types(pictures, tmp_path):
    """`datasets` refuses others; it takes a column in which nothing is known for one without a type."""
    for split, label in (("train/red", "red"), ("train/green", "green"), ("test", "blue")):
        (tmp_path / "half" / split).parent.mkdir(parents=True, exist_ok=True)
        (pictures / label).rename(tmp_path / "half" / split)
    photos = open_colours(tmp_path / "half")
    photos.corrections.tag(["train/red/1.jpg"], "odd; one", "me")
    assert {item.given_label for item in photos.items} == {"red", "green", None}
    export(photos.to_frame(), photos.folder, tmp_path / "hub", Format.IMAGEFOLDER)
    types = []
    for split in ("train", "test"):
        lines = (tmp_path / "hub" / split / "metadata.jsonl").read_text("utf-8").splitlines()
        columns = {name: {type(json.loads(line)[name]) for line in lines} for name in json.loads(lines[0])}
        types.append(columns)
    assert types[0] == types[1]
    assert set().union(*types[0].values()) == {str}


def test_datasets_reads_the_label_of_every_picture_from_an_imagefolder(photos, tmp_path):
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    export(photos.to_frame(), photos.folder, tmp_path / "hub", Format.IMAGEFOLDER)
    loaded = datasets.load_dataset(
        "imagefolder", data_dir=str(tmp_path / "hub"), cache_dir=str(tmp_path / "cache")
    )
    rows = [
        (split, Path(row["image"]["path"]).name, row["given_label"], row["label"], row["tags"])
        for split, part in loaded.items()
        for row in part.cast_column("image", datasets.Image(decode=False))
    ]
    tags = {"test/blue/2.jpg": "exclude"}
    assert sorted(rows) == sorted(
        (
            item.split,
            Path(item.file).name,
            item.given_label,
            photos.shown_labels[item.file],
            tags.get(item.file, ""),
        )
        for item in photos.items
    )


def test_pycocotools_reads_the_label_of_every_picture_from_coco(photos, tmp_path):
    coco = pytest.importorskip("pycocotools.coco", reason="pycocotools is not installed")
    export(photos.to_frame(), photos.folder, tmp_path / "coco.json", Format.COCO)
    loaded = coco.COCO(str(tmp_path / "coco.json"))
    labels = {
        image["file_name"]: [loaded.cats[one["category_id"]]["name"] for one in loaded.imgToAnns[number]]
        for number, image in loaded.imgs.items()
    }
    assert labels == {file: [label] for file, label in photos.shown_labels.items()}


def test_coco_names_the_class_of_every_picture(photos, tmp_path):
    target = tmp_path / "coco.json"
    export(photos.to_frame(), photos.folder, target, Format.COCO)
    coco = json.loads(target.read_text("utf-8"))
    names = {category["id"]: category["name"] for category in coco["categories"]}
    files = {image["id"]: image["file_name"] for image in coco["images"]}
    labels = {files[one["image_id"]]: names[one["category_id"]] for one in coco["annotations"]}
    assert labels == dict(photos.shown_labels)
    assert coco["annotations"][0]["bbox"] == [0, 0, 96, 72]


def test_parquet_has_the_embeddings_on_request_and_csv_the_same_rows(photos, tmp_path):
    frame = photos.to_frame()
    export(frame, photos.folder, tmp_path / "a.parquet", Format.PARQUET, photos.embeddings_array())
    table = pq.read_table(tmp_path / "a.parquet")
    assert table["label"].to_pylist() == frame["label"].tolist()
    assert np.array_equal(np.array(table["embedding"].to_pylist(), np.float32), photos.embeddings_array())
    export(frame, photos.folder, tmp_path / "a.csv", Format.CSV)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    assert [row["label"] for row in rows] == frame["label"].tolist()
    assert {row["tags"] for row in rows} == {"", "exclude"}


def test_tags_of_several_words_survive_an_export_and_an_import_of_the_table(photos, tmp_path):
    photos.corrections.tag(["train/red/1.jpg"], "a second look", "me")
    photos.corrections.tag(["train/red/1.jpg"], "keep", "me")
    export(photos.to_frame(), photos.folder, tmp_path / "a.csv", Format.CSV)
    table = (tmp_path / "a.csv").read_bytes()
    read = tags_from_csv(table, {item.file for item in photos.items})
    assert {file: tags for file, tags in read.by_file.items() if tags} == dict(photos.corrections.tags)


def test_nothing_is_written_among_the_photos_or_over_what_is_there(photos, tmp_path):
    frame = photos.to_frame()
    before = sorted(photos.folder.rglob("*"))
    with pytest.raises(UsageError, match="choose a folder outside"):
        export(frame, photos.folder, photos.folder / "a.csv", Format.CSV)
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(UsageError, match="already exists"):
        export(frame, photos.folder, tmp_path / "there.csv", Format.CSV)
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert sorted(photos.folder.rglob("*")) == before
