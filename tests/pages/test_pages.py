"""Pages, run by Streamlit's own test harness against real collections."""

import os
import re
import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from imsearch_core import Collection, ImsearchError
from imsearch_core.datasets import builtin, pascal
from imsearch_core.files import data_dir
from imsearch_core.ui.search import engine, weighting
from imsearch_core.ui.shell import frame as shell
from imsearch_core.ui.shell import open_collections
from imsearch_core.ui.shell.open_collections import _collections
from imsearch_core.vectors.embeddings import Embeddings
from tests.conftest import ROOT, copy_illustrated, draw, draw_folder
from tests.faults.planted import plant
from tests.local_site import Site

TIMEOUT = 60  # seconds; the first embedding starts TensorFlow


def open_page(page: str = "app.py", **url: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT).switch_page(page)
    for name, value in url.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def texts(at: AppTest) -> str:
    return "\n".join(
        element.value for element in (*at.markdown, *at.caption, *at.title, *at.error, *at.toast)
    )


def labelled(at: AppTest, label: str) -> Button:
    """The button with this label, which is Markdown."""
    return next(button for button in at.button if button.label.replace("\\", "") == label)


def told(at: AppTest) -> str:
    """The line above the neighbours."""
    return next(caption.value for caption in at.caption if "most similar" in caption.value)


def strip(at: AppTest) -> str:
    """What a phone shows of the query above the neighbours."""
    return next(element.proto.body for element in at.get("html") if "Query and region" in element.proto.body)


def classes_seen(at: AppTest) -> list:
    """The buttons of the classes that the encoder sees in the query."""
    return [button for button in at.button if (button.key or "").startswith("seen_")]


def test_a_folder_is_asked_for_and_opened(indexed):
    at = open_page(folder="open")
    assert "One sub-folder per class" in texts(at)
    at.text_input(key="folder_typed").set_value(str(indexed))
    labelled(at, "Open").click().run()
    assert not at.exception
    assert at.query_params["folder"] == str(indexed)
    assert "12 pictures. Pick one" in texts(at)
    assert at.selectbox(key="sort").value == "Classes in turn"


def test_a_mistyped_path_stays_in_its_box(indexed):
    at = open_page(folder="open")
    at.text_input(key="folder_typed").set_value(f"{indexed}x")
    labelled(at, "Open").click().run()
    assert "is not a folder" in at.error[0].value
    assert at.text_input(key="folder_typed").value == f"{indexed}x"
    link = open_page(folder=f"{indexed}y")
    labelled(link, "Open another folder").click().run()
    assert link.text_input(key="folder_typed").value == f"{indexed}y"


def test_a_folder_is_found_by_looking_around(indexed, tmp_path):
    at = open_page(folder="open")
    labelled(at, str(tmp_path)).click().run()
    labelled(at, "pictures").click().run()
    assert [button.label for button in at.button if button.key == "open_here"] == ["Open · 12 pictures"]
    at.button(key="open_here").click().run()
    assert "12 pictures. Pick one" in texts(at)
    recent = open_page(folder="open")
    labelled(recent, "pictures · 12 pictures").click().run()
    assert "12 pictures. Pick one" in texts(recent)


def test_a_place_that_is_found_in_another_is_not_listed_beside_it(indexed, tmp_path, monkeypatch):
    monkeypatch.setenv("IMSEARCH_FOLDERS", os.pathsep.join([str(indexed), str(tmp_path), str(tmp_path)]))
    places = [button.label.replace("\\", "") for button in open_page(folder="open").button]
    assert places.count(str(tmp_path)) == 1
    assert str(indexed) not in places


def test_a_text_typed_in_the_bar_is_searched_for(indexed):
    at = open_page("pages/browse.py", folder=str(indexed))
    at.text_input(key="bar_text").set_value(" red cat ").run()
    assert at.query_params["text"] == "red cat"
    assert "“red cat”" in texts(at)
    assert at.query_params["folder"] == str(indexed)


def test_brackets_of_a_label_are_shown_on_its_badge_as_they_are(pictures):
    (pictures / "red").rename(pictures / "red [old]")
    at = open_page(folder=str(pictures), q="red [old]/1.jpg")
    assert r":primary-badge[red \[old\]]" in [element.value for element in at.markdown]


def test_keras_stays_ready_between_two_runs_of_a_page(indexed, monkeypatch):
    import keras

    cleared = []
    monkeypatch.setattr(keras.backend, "clear_session", lambda *_, **__: cleared.append("cleared"))
    open_page(folder=str(indexed)).run()
    assert not cleared


def test_pictures_with_a_defect_are_listed(pictures):
    path = pictures / "red" / "0.jpg"
    path.write_bytes(path.read_bytes()[:-2])
    at = open_page(folder=str(pictures))
    assert [list(frame.value["reason"]) for frame in at.dataframe] == [["the end of the file is missing"]]


def test_another_label_level_is_chosen_and_goes_into_the_address(tmp_path):
    for label, kind in (("oak", "tree"), ("elm", "tree"), ("fox", "animal"), ("owl", "animal")):
        (tmp_path / "set" / kind / label).mkdir(parents=True)
        draw(len(label)).save(tmp_path / "set" / kind / label / "1.png")
    at = open_page("pages/browse.py", folder=str(tmp_path / "set"))
    assert "4 classes from the last folder" in texts(at)
    level = at.selectbox(key="level_chosen")
    assert level.options == ["Label: automatic", "Label: the last folder", "Label: the folder above the last"]
    level.set_value("1").run()
    assert not at.exception
    assert at.query_params["label_level"] == "1"
    assert "2 classes from the folder above the last" in texts(at)
    assert set(at.session_state["labels"]) <= {"tree", "animal"}
    at.selectbox(key="level_chosen").set_value("automatic").run()
    assert "label_level" not in at.query_params
    assert "4 classes from the last folder" in texts(at)


def test_the_first_start_opens_the_illustrated_set_where_it_lies(monkeypatch, tmp_path):
    copy_illustrated(tmp_path / "illustrated", per_class=1)
    monkeypatch.setattr(builtin, "SHIPPED", tmp_path)
    at = open_page()
    assert "20 pictures, 20 labels" in texts(at)
    assert told(at) == "9 most similar"
    assert at.selectbox(key="dataset").value == "illustrated"
    assert at.query_params["folder"] == "illustrated"  # for whoever gets the link


@pytest.mark.usefixtures("one_attempt")
def test_the_pascal_photos_are_offered_with_their_credits(monkeypatch):
    at = open_page(folder="pascal")
    assert "Hockenmaier" in texts(at)
    monkeypatch.setattr(pascal, "PAGE_URL", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr(pascal, "ARCHIVE_URL", "http://127.0.0.1:9/voc.tar")
    next(button for button in at.button if button.label == "Fetch the photos").click().run()
    assert not at.exception
    assert "--from-voc DIR" in at.error[0].value.replace("\\", "")


def test_the_pascal_photos_are_fetched_with_one_click_and_opened(monkeypatch, pictures, tmp_path):
    site = Site()
    try:
        files = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.jpg"))
        site.files = {f"/{file}": (pictures / file).read_bytes() for file in files[:-1]}
        rows = [f"{file},{file.split('/')[0]}," for file in files]
        (tmp_path / "list.csv").write_text("\n".join(["file,label,all_labels", *rows, ""]), "utf-8")
        monkeypatch.setattr(pascal, "LIST_FILE", tmp_path / "list.csv")
        monkeypatch.setattr(pascal, "PAGE_URL", site.url)
        monkeypatch.setattr(pascal, "ARCHIVE_URL", f"{site.url}/voc.tar")
        at = open_page(folder="pascal")
        next(button for button in at.button if button.label == "Fetch the photos").click().run()
        assert not at.exception
        assert "11 pictures, 3 labels" in texts(at)
        browse = open_page("pages/browse.py", folder="pascal")
        assert "Hockenmaier" in texts(browse)
        assert "11 of 1000 photos are here" in browse.expander[0].label
    finally:
        site.close()


def test_the_picker_lists_what_was_opened_before(indexed):
    open_page(folder=str(indexed))
    at = open_page(folder="open")
    titles = at.selectbox(key="dataset").options
    assert titles == ["Illustrated", "Pascal photos", "pictures", "Open a folder…"]


def test_the_folder_opened_last_is_opened_again(indexed):
    open_page(folder=str(indexed))
    assert told(open_page()) == "9 most similar"


def test_opening_a_folder_embeds_it(pictures):
    at = open_page(folder=str(pictures))
    assert "12 pictures, 3 labels" in texts(at)
    assert told(at) == "9 most similar"


def test_a_link_reproduces_the_view(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg", k="5", engine="annoy", **{"class": "Siamese cat"})
    assert told(at).startswith("5 most similar, more of Siamese cat · ")
    assert r"red/1\.jpg" in texts(at)
    assert at.selectbox(key="class").value == "Siamese cat"


def test_choosing_a_class_weights_the_search_and_clearing_it_ends_that(indexed):
    at = open_page(folder=str(indexed))
    assert at.slider(key="strength").disabled
    at.selectbox(key="class").select("goldfish").run()
    assert "more of goldfish" in told(at)
    assert not at.slider(key="strength").disabled
    at.selectbox(key="class").set_value(None).run()
    assert told(at) == "9 most similar"


def test_a_class_that_the_picture_looks_like_weights_the_search_with_one_click(indexed, monkeypatch):
    monkeypatch.setattr(weighting, "LEAST_PROBABILITY", 0.0)  # the drawings look like nothing in particular
    at = open_page(folder=str(indexed), q="red/1.jpg")
    seen = classes_seen(at)[2]
    seen.click().run()
    assert f"more of {seen.label.rsplit(' ', 1)[0]}" in told(at).replace("\\", "")


def test_improbable_classes_are_not_shown(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg")
    probabilities = [float(button.label.rsplit(" ", 1)[1].rstrip("%")) for button in classes_seen(at)]
    assert all(percent >= 10 for percent in probabilities)
    assert ("Looks like no clear class" in texts(at)) == (probabilities == [])


def test_compare_says_what_a_class_has_replaced(indexed):
    at = open_page(folder=str(indexed), compare="true", strength="1.0", **{"class": "goldfish"})
    title = at.subheader[0].value
    replaced = re.match(r"(\d) of 9 replaced", title)
    photos = Collection.open(indexed)
    before, after = (
        photos.search("blue/0.jpg", **how).results for how in ({}, {"focus": 1, "strength": 1.0})
    )
    assert int(replaced[1]) == len({r.file for r in after} - {r.file for r in before})
    assert {"Plain", "More of goldfish"} <= {element.value for element in at.markdown}


def test_an_everyday_word_offers_the_classes_it_may_mean(indexed):
    at = open_page(folder=str(indexed), **{"class": "telly"})
    assert "telly may mean" in texts(at)
    assert told(at) == "9 most similar"
    assert [button for button in at.button if button.label == "television"]


def test_browse_says_so_when_no_picture_passes(indexed):
    at = open_page("pages/browse.py", folder=str(indexed), name="nothing")
    assert "No picture passes these filters" in at.info[0].value


def offer_instead_of(at, word):
    """As if `word` had been typed into the list of classes, which lacks it."""
    at.session_state["class_unlisted"] = word, None
    return at.run()


def test_a_misspelt_class_is_corrected_with_one_click(indexed):
    at = offer_instead_of(open_page(folder=str(indexed)), "wine botle")
    assert "“wine botle” is not known. Did you mean" in texts(at)
    next(button for button in at.button if button.label == "wine bottle").click().run()
    assert at.selectbox(key="class").value == "wine bottle"
    assert "more of wine bottle" in told(at)
    assert "is not known" not in texts(at)


def test_a_misspelt_everyday_word_leads_to_the_classes_it_may_mean(indexed):
    at = offer_instead_of(open_page(folder=str(indexed)), "bycicle")
    next(button for button in at.button if button.label == "bicycle").click().run()
    assert "bicycle may mean" in texts(at)


def test_a_word_that_is_like_no_class_can_be_searched_for_as_a_text(indexed):
    at = offer_instead_of(open_page(folder=str(indexed)), "giraffe")
    assert "No class is called “giraffe”" in texts(at)
    next(button for button in at.button if button.label == "Search by text").click().run()
    assert at.text_input(key="text").value == "giraffe"
    assert "No class is called" not in texts(at)


def test_what_was_misspelt_is_forgotten_with_the_next_query(indexed):
    at = offer_instead_of(open_page(folder=str(indexed)), "wine botle")
    at.query_params["q"] = "red/1.jpg"
    assert "is not known" not in texts(at.run())


def test_a_link_of_an_earlier_version_finds_its_class(indexed):
    at = open_page(folder=str(indexed), **{"class": "Siamese cat (284)"})
    assert at.selectbox(key="class").value == "Siamese cat"
    assert "more of Siamese cat" in told(at)


def test_two_classes_of_one_name_are_told_apart_by_their_indices(indexed):
    at = open_page(folder=str(indexed), **{"class": "crane"})
    labels = [button.label for button in at.button if (button.key or "").startswith("meant_")]
    assert {"crane (134)", "crane (517)"} <= {label.replace("\\", "") for label in labels}


def test_people_are_no_class_and_the_page_says_so(indexed):
    at = open_page(folder=str(indexed), **{"class": "woman"})
    assert "ImageNet has no class for people" in texts(at)
    assert [button for button in at.button if (button.key or "").startswith("meant_")]


def test_a_word_for_one_class_alone_chooses_that_class(indexed):
    at = open_page(folder=str(indexed))
    at.selectbox(key="class").select("alsatian").run()
    assert at.selectbox(key="class").value == "German shepherd"
    assert "more of German shepherd" in told(at)


def test_a_region_and_judgements_in_the_link_are_searched_with(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg", region="0,0,0.5,1", like="red/2.jpg")
    assert told(at) == "9 most similar to this part"
    assert "inset(0.0% 50.0% 0.0% 0.0%)" in strip(at)  # the part alone
    assert any(button.label == r"red/2\.jpg" for button in at.button)
    next(button for button in at.button if button.label == "Whole picture").click().run()
    assert told(at) == "9 most similar"
    assert "inset" not in strip(at)


def test_a_heat_map_is_shown_on_request(indexed):
    at = open_page(folder=str(indexed), heat="true", **{"class": "goldfish"})
    assert at.toggle(key="heat").value is True
    assert not at.toast


def test_the_method_and_its_strength_can_be_chosen(indexed):
    at = open_page(folder=str(indexed), method="Reweigh", **{"class": "goldfish"})
    assert "reweighed by goldfish" in told(at)
    assert at.slider(key="strength").disabled
    at.button_group(key="method").set_value("focus").run()
    at.slider(key="strength").set_value(0.0).run()
    assert told(at).startswith("9 most similar, more of goldfish · 0 of 9 replaced")


def test_the_refined_similarity_is_off_until_asked_for_and_can_be_compared(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg")
    assert at.toggle(key="refined").value is False
    at.toggle(key="refined").set_value(True).run()
    assert not at.exception
    assert told(at).startswith("9 most similar, refined")
    at.toggle(key="compare").set_value(True).run()
    assert re.fullmatch(r"\d of 9 replaced", at.subheader[0].value)
    assert {"Plain", "Refined"} <= {element.value for element in at.markdown}


def test_a_random_query_is_another_one_and_goes_into_the_link(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg")
    next(button for button in at.button if button.label == "Random").click().run()
    assert not at.exception
    assert at.query_params["q"] != "red/1.jpg"


def test_an_uploaded_picture_is_searched_and_leaves_the_link(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg")
    content = (indexed / "green" / "2.jpg").read_bytes()
    at.file_uploader[0].set_value(("mine.jpg", content, "image/jpeg")).run()
    assert not at.exception
    assert r"mine\.jpg" in texts(at)
    assert "Uploaded; links can’t include it" in texts(at)
    assert "q" not in at.query_params
    next(button for button in at.button if button.label == "Random").click().run()
    assert "Uploaded" not in texts(at)


def test_a_broken_upload_is_refused_kindly_and_the_page_goes_on(indexed):
    at = open_page(folder=str(indexed), q="red/1.jpg")
    at.file_uploader[0].set_value(("mine.jpg", b"nothing", "image/jpeg")).run()
    assert not at.exception
    assert "not a picture" in at.toast[0].value
    assert r"red/1\.jpg" in texts(at)
    assert told(at) == "9 most similar"
    at.text_input(key="text").set_value("cat").run()
    assert not at.toast


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ({"q": "../../etc/passwd"}, "is not in this folder"),
        ({"q": "<script>alert(1)</script>"}, "is not in this folder"),
        ({"region": "1,2,3"}, "is not a region"),
        ({"region": "0,0,9,9"}, "0,0,9,9 is not a valid region"),
        ({"like": "../../etc/passwd"}, "passwd is not in this folder"),
        ({"like": "red/1.jpg", "unlike": "<script>"}, "<script> is not in this folder"),
        ({"class": "no such class"}, "No class is called “no such class”"),
        ({"engine": "faiss"}, "No engine is called 'faiss'"),
        ({"taken": "soon"}, "'soon' is not a time"),
        ({"k": "many"}, "9 most similar"),
        ({"encoder": "alexnet"}, "No encoder is called 'alexnet'"),
        ({"folder": "/etc"}, "IMSEARCH_FOLDERS"),
        ({"folder": "{pictures}/nowhere"}, "is not a folder"),
        ({"folder": "\0"}, "not the path of a folder"),
        ({"folder": "x" * 5000}, "not the path of a folder"),
    ],
)
def test_nonsense_in_the_link_gets_a_kind_answer(indexed, url, message):
    url = {"folder": "{pictures}"} | url
    at = open_page(**{name: value.format(pictures=indexed) for name, value in url.items()})
    assert message in texts(at).replace("\\", "")


def test_an_engine_that_is_not_installed_is_named_and_another_searches(indexed, monkeypatch):
    monkeypatch.setattr(engine, "installed_engines", lambda: ["exact"])
    at = open_page(folder=str(indexed), engine="milvus")
    assert [toast.value for toast in at.toast] == ["Milvus is not installed here\\: searching with exact\\."]
    assert told(at) == "9 most similar"


def test_what_fails_for_every_picture_is_said_once(indexed, monkeypatch):
    def fail(*about):
        raise ImsearchError("no heat maps here")

    monkeypatch.setattr(weighting, "_heat_of", fail)
    at = open_page(folder=str(indexed), heat="true", **{"class": "goldfish"})
    assert [toast.value for toast in at.toast] == ["No heat maps here\\."]


def test_a_picture_that_is_not_embedded_yet_is_said_to_be_and_stays_in_the_link(indexed, monkeypatch):
    draw(99).save(indexed / "red" / "9.jpg")
    part = Collection.open(indexed, embed=False)
    monkeypatch.setattr(shell, "open_collection", lambda *which, partly: part)
    at = open_page(folder=str(indexed), q="red/9.jpg", like="red/9.jpg")
    assert "red/9.jpg is not embedded yet" in texts(at).replace("\\", "")
    assert "is not in this folder" not in texts(at)
    assert told(at) == "9 most similar"
    assert at.query_params["q"] == at.query_params["like"] == "red/9.jpg"


def test_another_dataset_opens_without_what_was_chosen_in_the_last_one(indexed, tmp_path):
    other = draw_folder(tmp_path / "elsewhere")
    (other / "red").rename(other / "pink")
    open_page(folder=str(plant(other)))
    at = open_page(folder=str(indexed), q="red/2.jpg", like="red/1.jpg", region="0,0,1,0.5", text="cat")
    at.selectbox(key="dataset").set_value(str(other)).run()
    assert not at.exception
    assert not at.toast
    assert at.query_params["folder"] == str(other)
    assert not {"q", "like", "region"} & {*at.query_params}
    assert "“cat”" in texts(at)  # means the same in any folder


def test_a_folder_without_labels_says_nothing_of_labels_on_search_and_browse(tmp_path):
    (tmp_path / "flat").mkdir()
    for i in range(4):
        draw(i).save(tmp_path / "flat" / f"{i}.jpg")
    folder = str(plant(tmp_path / "flat"))
    at = open_page("pages/browse.py", folder=folder, sort="Classes in turn")
    assert "4 pictures. Pick one" in texts(at)
    assert "no label" not in str(at.main)
    assert not [box for box in at.selectbox if box.label == "Sort by"]
    assert not at.toggle
    assert "no label" not in texts(open_page(folder=folder))


def test_an_encoder_without_weights_says_what_to_do(indexed, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nothing listens there: offline for certain
    at = open_page(folder=str(indexed), encoder="efficientnetv2-b0")
    message = texts(at).replace("\\", "")
    assert "efficientnetv2-b0.h5 (29 MB)" in message
    assert "efficientnet-lite0, which needs no download" in message


def test_broken_files_are_counted_and_named_in_the_bar(indexed):
    (indexed / "red" / "broken.jpg").write_bytes(b"x")
    at = open_page(folder=str(indexed))
    assert "red/broken.jpg" in at.dataframe[0].value["file"].str.replace("\\", "").tolist()


def test_a_folder_of_broken_pictures_only_is_explained(tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"x")
    at = open_page(folder=str(tmp_path))
    assert "No picture can be read here" in texts(at)
    assert r"bad\.jpg, not a picture" in texts(at)


def test_a_dead_end_leads_back_to_something_that_can_be_seen(indexed, tmp_path):
    at = open_page(folder=str(tmp_path / "gone"))
    assert "This cannot be opened" in texts(at)
    indexed.rename(tmp_path / "gone")
    next(button for button in at.button if button.label == "Try again").click().run()
    assert told(at) == "9 most similar"


def test_a_picture_without_others_says_that_nothing_is_left_to_compare_with(tmp_path):
    draw(1).save(tmp_path / "only.png")
    at = open_page(folder=str(tmp_path))
    assert "No other picture" in at.info[0].value


def test_browse_filters_by_class(indexed):
    at = open_page("pages/browse.py", folder=str(indexed))
    assert "12 pictures. Pick one" in texts(at)
    at.button_group[0].set_value(["red", "blue"]).run()
    assert not at.exception
    assert "8 pictures. Pick one" in texts(at)


def test_browse_filters_by_split_and_takes_it_from_the_address(tmp_path):
    for split, number in (("train", 3), ("valid", 2)):
        (tmp_path / "set" / split / "cat").mkdir(parents=True)
        for i in range(number):
            draw(10 * number + i).save(tmp_path / "set" / split / "cat" / f"{i}.png")
    folder = str(tmp_path / "set")
    at = open_page("pages/browse.py", folder=folder)
    assert "5 pictures. Pick one" in texts(at)
    at = open_page("pages/browse.py", folder=folder, split="train")
    assert "3 pictures. Pick one" in texts(at)
    at.button(key="filtered_split_train").click().run()
    assert "split" not in at.query_params
    assert "5 pictures. Pick one" in texts(at)
    assert "5 pictures. Pick one" in texts(open_page("pages/browse.py", folder=folder, split="nonsense"))


def test_no_page_needs_tensorflow_once_a_folder_is_indexed(indexed):
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
focused = dict([("class", "goldfish")])
for page, url in (
    ("app.py", focused), ("pages/browse.py", focused), ("app.py", dict(text="cat", panel="words"))
):
    at = AppTest.from_file("app.py", default_timeout=60).switch_page(page)
    for name, value in dict(url, folder={str(indexed)!r}).items():
        at.query_params[name] = value
    at.run()
    assert not at.exception and not at.error
assert "tensorflow" not in sys.modules and "keras" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_two_folders_of_one_name_are_told_apart(indexed, tmp_path):
    other = draw_folder(tmp_path / "elsewhere" / indexed.name)
    open_page(folder=str(indexed))
    at = open_page(folder=str(other))
    at.selectbox(key="dataset").select(str(indexed)).run()
    assert at.query_params["folder"] == str(indexed)
    at.selectbox(key="dataset").select(str(other)).run()
    assert at.query_params["folder"] == str(other)


def test_browse_shows_the_poor_pictures_of_the_issues_that_are_chosen(tmp_path):
    folder = draw_folder(tmp_path / "photos")
    for path in folder.rglob("*.jpg"):
        draw(int(path.stem) + 10, (320, 240)).save(path)
    draw(1, (320, 240)).point(lambda value: value // 8).save(folder / "red" / "0.jpg")
    draw(2, (64, 48)).save(folder / "blue" / "3.jpg")
    at = open_page("pages/browse.py", folder=str(folder), problems="poor picture")
    assert "2 pictures. Pick one" in texts(at)
    at = open_page("pages/browse.py", folder=str(folder), problems="dark")
    assert not at.exception
    assert "1 picture. Pick one" in texts(at)
    assert "Brightness of all but" in texts(at)


def test_another_session_does_not_change_what_is_open_here(indexed, tmp_path):
    other = draw_folder(tmp_path / "elsewhere")
    open_page(folder=str(indexed))
    here = open_page()
    assert here.query_params["folder"] == str(indexed)
    open_page(folder=str(other))
    here.query_params.pop("folder")  # as after the browser's Back
    here.run()
    assert here.query_params["folder"] == str(indexed)


def test_everything_is_embedded_again_on_a_click(indexed):
    at = open_page(folder=str(indexed))
    store = next(data_dir().glob("embeddings/*/*/rows.sqlite")).parent
    matrix = next(store.glob("embeddings-*.f32"))
    before = matrix.stat().st_mtime_ns
    next(button for button in at.button if button.label == "Embed again").click().run()
    assert not at.exception
    assert "12 pictures, 3 labels" in texts(at)
    assert next(store.glob("embeddings-*.f32")).stat().st_mtime_ns > before


def test_the_collection_of_an_earlier_visit_stays_open_if_nothing_has_changed(indexed):
    opened = []
    for _ in range(2):
        open_page(folder=str(indexed), engine="annoy")
        opened.append([id(photos) for photos in _collections().values() if photos.folder == indexed])
    assert opened[0] == opened[1]
    (photos,) = (one for one in _collections().values() if one.folder == indexed)
    assert photos.indexes.is_open("annoy")


def test_a_large_folder_is_listed_every_few_seconds_at_most_or_when_asked(indexed, monkeypatch):
    monkeypatch.setattr(open_collections, "_LARGE", 10)
    monkeypatch.setattr(open_collections, "_LISTED_EVERY", 1000.0)
    open_page(folder=str(indexed))
    draw(77).save(indexed / "red" / "new.jpg")
    at = open_page(folder=str(indexed))
    assert "12 pictures, 3 labels" in texts(at)
    next(button for button in at.button if button.label == "Look for changes").click().run()
    assert "13 pictures, 3 labels" in texts(at)


def test_a_store_that_another_program_cuts_short_is_mended_by_the_next_click(indexed):
    at = open_page(folder=str(indexed))
    (stored,) = data_dir().rglob("embeddings-0.f32")
    os.truncate(stored, 100)
    at.run()
    assert not at.exception
    assert "most similar" in told(at)
    assert stored.stat().st_size > 100


def test_a_store_cut_short_while_a_page_is_drawn_is_said_there(indexed, monkeypatch):
    at = open_page(folder=str(indexed))
    (stored,) = data_dir().rglob("embeddings-0.f32")
    os.truncate(stored, 100)
    monkeypatch.setattr(Embeddings, "are_whole", True)  # as when it is cut after the folder was opened
    at.run()
    assert not at.exception
    assert "This cannot be shown" in at.title[0].value
    assert "was cut short by another program" in texts(at)
