"""Labels from annotated objects, in the usual folders of datasets and of labelling tools."""

import json

import pandas as pd
import pytest

from imsearch_core.datasets import scan
from imsearch_core.errors import ImsearchError

SMALL, LARGE = (10, 10, 30, 30), (5, 5, 95, 95)  # left, top, right, bottom


def write(folder, files):
    """Files by their path below `folder`; pictures have no content."""
    for file, content in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content if isinstance(content, str) else json.dumps(content))
    return folder


def pictures(*files):
    return dict.fromkeys(files, "")


def coco(*images):
    """A COCO file about images, each a name with pairs of category id and box."""
    return {
        "images": [{"id": i, "file_name": name} for i, (name, _) in enumerate(images)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 7, "name": "dog"}],
        "annotations": [
            {"image_id": i, "category_id": category, "bbox": [x, y, right - x, bottom - y]}
            for i, (_, objects) in enumerate(images)
            for category, (x, y, right, bottom) in objects
        ],
    }


def voc(*objects):
    boxes = "".join(
        f"<object><name>{name}</name><part><name>head</name></part><bndbox><xmin>{x}</xmin><ymin>{y}</ymin>"
        f"<xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox></object>"
        for name, (x, y, right, bottom) in objects
    )
    return f"<annotation><filename>named otherwise.png</filename>{boxes}</annotation>"


def labelme(*shapes, **flags):
    """A LabelMe file; each shape is a name, the shape's type and points."""
    shapes = [{"label": name, "shape_type": kind, "points": points} for name, kind, points in shapes]
    return {"version": "5.4.1", "flags": flags, "shapes": shapes, "imagePath": "named otherwise.jpg"}


def cvat(inside):
    return f'<annotations><version>1.1</version><image name="1.jpg">{inside}</image></annotations>'


def label_studio(picture, *results):
    task = {"data": {"image": picture}, "annotations": [{"result": [{"value": value} for value in results]}]}
    return [task, {"data": {"image": picture}, "annotations": []}]


BOTH_COCO = ((1, SMALL), (7, LARGE), (1, SMALL))
BOTH_VOC = voc(("cat", SMALL), ("dog", LARGE))
BOTH_YOLO = "0 0.2 0.2 0.2 0.2\n1 0.5 0.5 0.9 0.9\n"
NAMES = "path: ../data\nnames:\n  0: cat\n  1: dog\n"
BOTH_LABELME = labelme(
    ("cat", "rectangle", [[10, 10], [30, 30]]),
    ("dog", "polygon", [[5, 5], [95, 5], [95, 95], [5, 95]]),
    ("cat", "circle", [[20, 20], [20, 25]]),
    ("cat", "line", [[0, 0], [99, 99]]),
    indoors=False,
)
BOTH_CVAT = cvat(
    '<box label="cat" xtl="10" ytl="10" xbr="30" ybr="30"/><ellipse label="cat" rx="9" ry="9"/>'
    '<polygon label="dog" points="5,5;95,5;95,95;5,95"/><polyline label="cat" points="0,0;99,99"/>'
)
BOTH_LABEL_STUDIO = (
    {"x": 10, "y": 10, "width": 20, "height": 20, "rectanglelabels": ["cat"]},
    {"points": [[5, 5], [95, 5], [95, 95], [5, 95]], "polygonlabels": ["dog"]},
    {"x": 9, "y": 9, "radiusX": 9, "radiusY": 9, "ellipselabels": ["cat"]},
)
LAYOUTS = {
    "LabelMe": {"1.json": BOTH_LABELME, "1.jpg": ""},
    "LabelMe in a folder of its own": {"labels/1.json": BOTH_LABELME, "images/1.jpg": ""},
    "CVAT": {"annotations.xml": BOTH_CVAT, "images/1.jpg": ""},
    "Label Studio, uploaded": {
        "project-3-at-2026-05-01-10-00-0f.json": label_studio(
            "/data/upload/3/0f1a2b3c-1.jpg", *BOTH_LABEL_STUDIO
        ),
        "1.jpg": "",
    },
    "Label Studio, from a disk": {
        "project-3-at-2026-05-01-10-00-0f.json": label_studio(
            "/data/local-files/?d=pets%2F1.jpg", *BOTH_LABEL_STUDIO
        ),
        "pets/1.jpg": "",
    },
    "COCO of Label Studio": {"result.json": coco(("images/1.jpg", BOTH_COCO)), "images/1.jpg": ""},
    "COCO": {"annotations/instances_val2017.json": coco(("1.jpg", BOTH_COCO)), "val2017/1.jpg": ""},
    "COCO, panoptic": {
        "annotations/panoptic_val2017.json": {
            **coco(("1.jpg", ())),
            "annotations": [
                {
                    "image_id": 0,
                    "segments_info": [{"category_id": 1, "area": 4}, {"category_id": 7, "area": 9}],
                }
            ],
        },
        "val2017/1.jpg": "",
    },
    "LVIS": {
        "lvis_v1_val.json": {
            **coco(("", BOTH_COCO)),
            "images": [{"id": 0, "coco_url": "http://images.cocodataset.org/val2017/1.jpg"}],
        },
        "val2017/1.jpg": "",
    },
    "COCO of FiftyOne": {"labels.json": coco(("1.jpg", BOTH_COCO)), "data/1.jpg": ""},
    "COCO of Roboflow": {"valid/_annotations.coco.json": coco(("1.jpg", BOTH_COCO)), "valid/1.jpg": ""},
    "VOC": {"VOC2012/Annotations/1.xml": BOTH_VOC, "VOC2012/JPEGImages/1.jpg": ""},
    "XML beside the picture": {"1.xml": BOTH_VOC, "1.jpg": ""},
    "XML, pictures elsewhere": {"annotations/xmls/1.xml": BOTH_VOC, "photos/1.jpg": ""},
    "YOLO": {"data.yaml": NAMES, "labels/train/1.txt": BOTH_YOLO, "images/train/1.jpg": ""},
    "YOLO of Roboflow": {
        "data.yaml": "names: [cat, dog]",
        "train/labels/1.txt": BOTH_YOLO,
        "train/images/1.jpg": "",
    },
    "YOLO of LabelImg": {"classes.txt": "cat\ndog\n", "1.txt": BOTH_YOLO, "1.jpg": ""},
    "YOLO with polygons": {
        "labels/classes.txt": "cat\ndog\n",
        "labels/1.txt": "0 0.1 0.1 0.2 0.1 0.2 0.2\n1 0.1 0.1 0.9 0.1 0.9 0.9 0.1 0.9\n",
        "images/1.jpg": "",
    },
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_class_is_present_and_the_largest_object_is_the_label(tmp_path, layout):
    (item,) = scan(write(tmp_path, LAYOUTS[layout])).items
    assert (item.given_label, item.all_labels) == ("dog", ("dog", "cat"))


WHOLE = {
    "LabelMe": {"1.json": labelme(("cat", "rectangle", [[0, 0], [99, 99]]), dog=True), "1.jpg": ""},
    "CVAT": {
        "annotations.xml": cvat('<box label="cat" xtl="0" ytl="0" xbr="99" ybr="99"/><tag label="dog"/>'),
        "1.jpg": "",
    },
    "Label Studio": {
        "project-3-at-2026-05-01-10-00-0f.json": label_studio(
            "1.jpg", {"width": 99, "height": 99, "rectanglelabels": ["cat"]}, {"choices": ["dog"]}
        ),
        "1.jpg": "",
    },
    "FiftyOne": {"labels.json": {"classes": ["cat", "dog"], "labels": {"1": [1, 0]}}, "data/1.jpg": ""},
}


@pytest.mark.parametrize("layout", WHOLE)
def test_a_class_of_the_whole_picture_is_its_label(tmp_path, layout):
    (item,) = scan(write(tmp_path, WHOLE[layout])).items
    assert (item.given_label, item.all_labels) == ("dog", ("dog", "cat"))


def test_json_of_other_programs_next_to_pictures_is_passed_over_and_soon_not_looked_at(tmp_path, monkeypatch):
    read = []
    loads = json.loads
    monkeypatch.setattr(json, "loads", lambda content: read.append(content) or loads(content))
    files = {f"{kind}/{i}.json": {"title": f"{i}.jpg"} for kind in ("cat", "dog") for i in range(9)}
    files |= pictures(*(f"{kind}/{i}.jpg" for kind in ("cat", "dog") for i in range(9)))
    files["cat/1.json"] = files["dog/8.json"] = "{malformed"
    dataset = scan(write(tmp_path, files))
    assert [item.given_label for item in dataset.items] == ["cat"] * 9 + ["dog"] * 9
    assert dataset.notes == ()
    assert len(read) == 6


def test_annotations_of_a_video_are_passed_over_and_named(tmp_path):
    files = {"annotations.xml": '<annotations><track label="cat"/></annotations>', "1.jpg": ""}
    assert scan(write(tmp_path, files)).notes == ("annotations.xml is passed over: it is about a video",)


@pytest.mark.parametrize("layout", ["COCO", "COCO of Roboflow", "YOLO", "YOLO of Roboflow"])
def test_folders_of_annotated_datasets_are_splits(tmp_path, layout):
    (item,) = scan(write(tmp_path, LAYOUTS[layout])).items
    assert item.split in ("train", "val")


def test_text_files_in_utf_16_are_read(tmp_path):
    (tmp_path / "classes.txt").write_text("cat\ndog\n", "utf-16")
    (tmp_path / "1.txt").write_text(BOTH_YOLO, "utf-16")
    (item,) = scan(write(tmp_path, pictures("1.jpg"))).items
    assert (item.given_label, item.all_labels) == ("dog", ("dog", "cat"))


def test_a_folder_called_like_an_annotated_class_is_the_label_and_others_stay_as_they_are(tmp_path):
    images = (("cat/1.jpg", BOTH_COCO), ("pets/2.jpg", BOTH_COCO), ("pets/3.jpg", ()))
    files = pictures("cat/1.jpg", "pets/2.jpg", "pets/3.jpg", "pets/4.jpg", "sky/5.jpg")
    folder = write(tmp_path, files | {"annotations.json": coco(*images)})
    labels = {item.file: (item.given_label, item.all_labels) for item in scan(folder).items}
    assert labels == {
        "cat/1.jpg": ("cat", ("dog", "cat")),
        "pets/2.jpg": ("dog", ("dog", "cat")),
        "pets/3.jpg": (None, ()),
        "pets/4.jpg": (None, ()),
        "sky/5.jpg": ("sky", ("sky",)),
    }
    by_folder = {item.file: item.given_label for item in scan(folder, label_level=0).items}
    assert by_folder["pets/2.jpg"] == "pets"


def test_a_table_and_a_data_frame_override_annotations(tmp_path):
    folder = write(tmp_path, LAYOUTS["VOC"] | {"labels.csv": "file,label\n1.jpg,sofa\n"})
    (item,) = scan(folder).items
    assert (item.given_label, item.all_labels) == ("sofa", ("dog", "cat"))
    frame = pd.DataFrame({"file": ["1.jpg"], "label": ["chair"], "all_labels": [["chair", "cat"]]})
    (item,) = scan(folder, frame=frame).items
    assert (item.given_label, item.all_labels) == ("chair", ("chair", "cat"))


def test_annotations_and_pictures_that_do_not_match_are_counted_and_named(tmp_path):
    files = pictures("JPEGImages/1.jpg", "JPEGImages/2.jpg", "JPEGImages/3.jpg")
    files |= {"Annotations/1.xml": BOTH_VOC, "Annotations/2.xml": voc(), "Annotations/gone.xml": BOTH_VOC}
    assert scan(write(tmp_path, files)).notes[-3:] == (
        "Pascal VOC: 2 objects of 2 classes in 2 pictures",
        "Pascal VOC: 1 annotation matches no picture: Annotations/gone.xml",
        "1 picture has no annotation: JPEGImages/3.jpg",
    )


def test_files_that_say_nothing_about_objects_are_passed_over_and_named(tmp_path):
    files = pictures("images/1.jpg") | {
        "annotations/captions.json": {"images": [], "annotations": [{"caption": "a cat"}]},
        "annotations/other.json": [1, 2],
        "labels/1.txt": BOTH_YOLO,
        "labels.json": {"1.jpg": "cat"},
        "train_labels.json": '{"file": "1.jpg"}\n{"file": "2.jpg"}',
        "images/1.json": "{not read, as nothing says that it is an annotation",
    }
    notes = " · ".join(scan(write(tmp_path, files)).notes)
    assert "annotations/captions.json is passed over: it names no categories" in notes
    assert "annotations/other.json is passed over: it is not COCO" in notes
    assert "labels.json is passed over: it is not COCO" in notes
    assert "train_labels.json is passed over: it is not JSON" in notes
    assert "YOLO: no data.yaml or classes.txt names the classes of 1 text file: labels/1.txt" in notes


def test_captions_next_to_pictures_are_no_annotations_and_named(tmp_path):
    files = pictures("cat/1.jpg", "cat/2.jpg", "cat/3.jpg", "dog/4.jpg")
    files |= {
        "classes.txt": "bird\nbus",
        "cat/1.txt": "1 cat, 2 bowls",
        "cat/2.txt": "",
        "cat/3.xml": "a cat & more",
    }
    write(tmp_path, files)
    (tmp_path / "dog/4.txt").write_bytes("Küche".encode("cp1252"))
    dataset = scan(tmp_path)
    assert [item.given_label for item in dataset.items] == ["cat", "cat", "cat", "dog"]
    notes = " · ".join(dataset.notes)
    assert "YOLO: 2 text files are no lists of objects, such as a caption, and not read: cat/1.txt" in notes
    assert "cat/3.xml is passed over: it is not XML" in notes


def test_a_blank_text_next_to_a_picture_says_that_it_shows_no_object_if_other_texts_list_objects(tmp_path):
    files = pictures("images/1.jpg", "images/2.jpg")
    files |= {"classes.txt": "cat\ndog", "images/1.txt": BOTH_YOLO, "images/2.txt": ""}
    dataset = scan(write(tmp_path, files))
    assert [item.all_labels for item in dataset.items][1] == ()
    assert not any("no annotation" in note for note in dataset.notes)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"annotations/a.json": "{"}, "a.json cannot be read: it is not JSON"),
        ({"annotations/a.json": "[" * 100_000}, "a.json cannot be read: it is not JSON"),
        ({"coco.json": coco(("1.jpg", ((3, SMALL),)))}, "annotation 1 has category 3, which is not named"),
        ({"coco.json": {"images": [1], "categories": []}}, "coco.json cannot be read: it is not COCO"),
        ({"1.json": labelme(("cat", "rectangle", [[1], [2]]))}, "1.json cannot be read: it is not LabelMe"),
        ({"annotations.xml": cvat('<box label="cat" xtl="left"/>')}, "a box has no such place"),
        ({"annotations.xml": "<annotations>"}, "annotations.xml cannot be read: it is not XML"),
        (
            {"labels.json": {"classes": [], "labels": {"1": 3}}},
            "labels.json cannot be read: it is not FiftyOne's",
        ),
        ({"1.xml": "<annotation><object>"}, "1.xml cannot be read: it is not XML"),
        ({"1.xml": "<annotation><object/></annotation>"}, "1.xml cannot be read: an object has no name"),
        ({"classes.txt": "cat", "1.txt": "0 1 1 1 1\n2 1 1 1 1"}, "1.txt cannot be read: line 2 has class 2"),
        ({"classes.txt": "cat", "labels/1.txt": "a photo of a cat"}, "line 1 is not a class and figures"),
        ({"data.yaml": "names: [", "1.txt": BOTH_YOLO}, "data.yaml cannot be read: it lists no names"),
        ({"data.yaml": "names: [[cat]]", "1.txt": BOTH_YOLO}, "data.yaml cannot be read: it lists no names"),
        ({"data.yaml": "train: x", "1.txt": BOTH_YOLO}, "data.yaml cannot be read: it lists no names"),
    ],
)
def test_a_malformed_annotation_is_refused_and_named(tmp_path, files, message):
    with pytest.raises(ImsearchError, match="cannot be read") as refused:
        scan(write(tmp_path, pictures("1.jpg") | files))
    assert message in str(refused.value)


def test_a_data_frame_says_which_rows_match_nothing_and_needs_a_column_for_files(tmp_path):
    folder = write(tmp_path, pictures("cat/1.jpg", "cat/2.jpg"))
    frame = pd.DataFrame({"path": [str(folder / "cat/1.jpg"), "gone.jpg"], "class": ["tabby", None]})
    dataset = scan(folder, frame=frame)
    assert [item.given_label for item in dataset.items] == ["tabby", "cat"]
    assert "the data frame: 1 row matches no picture: gone.jpg in line 2" in dataset.notes
    with pytest.raises(ImsearchError, match="the data frame has no column for files"):
        scan(folder, frame=pd.DataFrame({"label": ["cat"]}))
