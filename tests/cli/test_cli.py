"""The command line: shapes of what it prints, exit codes, messages."""

import csv
import errno
import json
import os
import shutil
import subprocess
import sys

import pytest

from imsearch_core import Collection
from imsearch_core.cli.main import main
from imsearch_core.store import StoreWriter
from tests.conftest import ROOT, draw, draw_folder


def run(capsys, *arguments) -> tuple[int, object, str]:
    """Exit code, parsed standard output, standard error."""
    capsys.readouterr()
    code = main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if "--json" in arguments and out else out, err


def test_index_reports_what_it_did_and_the_second_run_embeds_nothing(capsys, pictures):
    (pictures / "red" / "broken.jpg").write_bytes(b"x")
    code, first, _ = run(capsys, "index", pictures, "--json")
    assert code == 0
    assert first.keys() == {
        "images", "embedded", "reused", "removed", "skipped", "seconds", "images_per_second",
    }  # fmt: skip
    assert (first["images"], first["embedded"], first["reused"], first["removed"]) == (12, 12, 0, 0)
    (skipped,) = first["skipped"]
    assert skipped["file"] == "red/broken.jpg"
    assert "not a picture" in skipped["reason"]
    assert first["images_per_second"] > 0
    _, second, _ = run(capsys, "index", pictures, "--json")
    assert (second["embedded"], second["reused"], len(second["skipped"])) == (0, 12, 1)


def test_index_names_pictures_that_it_read_in_spite_of_a_defect(capsys, pictures):
    path = pictures / "red" / "0.jpg"
    path.write_bytes(path.read_bytes()[:-2])
    _, report, _ = run(capsys, "index", pictures, "--json")
    assert report["defects"] == [{"file": "red/0.jpg", "reason": "the end of the file is missing"}]
    _, words, _ = run(capsys, "index", pictures)
    assert "read red/0.jpg, with a defect: the end of the file is missing" in words


def test_index_fails_and_says_why_if_pictures_cannot_be_embedded(capsys, pictures, monkeypatch):
    run(capsys, "index", pictures)
    draw(50).save(pictures / "red" / "new.png")

    def refuse(self, *arguments):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(StoreWriter, "add", refuse)
    code, report, err = run(capsys, "index", pictures, "--json")
    assert code == 1
    assert report["images"] == 12
    assert report["skipped"] == [{"file": "red/new.png", "reason": "not embedded yet"}]
    assert "1 picture is missing, not embedded yet: " in err
    assert "Read-only file system" in err
    assert run(capsys, "search", pictures, "--query", "red/1.jpg")[0] == 0


def test_index_says_where_to_write_if_the_home_cannot_be_made(capsys, pictures, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("IMSEARCH_HOME", str(tmp_path / "file" / "home"))
    code, _, err = run(capsys, "index", pictures)
    assert code == 1
    assert "set IMSEARCH_HOME to a folder that can be written to" in err


def test_index_says_it_in_words_too(capsys, pictures):
    _, words, _ = run(capsys, "index", pictures)
    assert "12 images: 12 embedded, 0 reused, 0 removed, 0 skipped" in words


@pytest.mark.parametrize("engine", ["exact", "annoy", "hnsw", "milvus"])
def test_search_prints_query_method_and_ranked_results(capsys, pictures, engine):
    code, found, _ = run(
        capsys, "search", pictures, "--query", "red/1.jpg", "-k", 3, "--engine", engine, "--json"
    )
    assert code == 0
    assert found["query"] == {"file": "red/1.jpg", "label": "red"}
    assert (found["encoder"], found["engine"]) == ("efficientnet-lite0", engine)
    assert (found["method"], found["class"]) == ("plain", None)
    assert found["milliseconds"] > 0
    assert [r["rank"] for r in found["results"]] == [1, 2, 3]
    assert all(
        r.keys() == {"rank", "file", "label", "cosine", "score", "percentile"} for r in found["results"]
    )


def test_search_weighted_by_a_class_names_it(capsys, pictures):
    _, found, _ = run(capsys, "search", pictures, "--query", "red/1.jpg", "--class", "siamese cat", "--json")
    assert found["method"] == "reweigh"
    assert found["class"] == {"index": 284, "wnid": "n02123597", "name": "Siamese cat"}


def test_search_focuses_on_a_class_with_a_strength(capsys, pictures):
    arguments = ["--query", "red/1.jpg", "--class", "284", "--method", "focus", "--strength", "0.7"]
    _, found, _ = run(capsys, "search", pictures, *arguments, "--json")
    assert (found["method"], found["strength"]) == ("focus", 0.7)


def test_search_takes_a_region_and_pictures_for_and_against(capsys, pictures):
    arguments = [
        "--query",
        "red/1.jpg",
        "--region",
        "0,0,0.5,1",
        "--like",
        "red/2.jpg",
        "--unlike",
        "blue/0.jpg",
    ]
    _, found, _ = run(capsys, "search", pictures, *arguments, "--json")
    files = {result["file"] for result in found["results"]}
    assert len(files) == 9
    assert files.isdisjoint({"red/1.jpg", "red/2.jpg", "blue/0.jpg"})


def test_a_refined_search_prints_its_score_and_the_plain_cosine(capsys, pictures):
    asked = ["search", pictures, "--query", "red/1.jpg", "-k", 11, "--json"]
    _, plain, _ = run(capsys, *asked)
    code, found, _ = run(capsys, *asked, "--method", "refined")
    assert code == 0
    assert (found["method"], found["class"], found["strength"]) == ("refined", None, None)
    cosines = {result["file"]: result["cosine"] for result in plain["results"]}
    assert {r["file"]: pytest.approx(r["cosine"], abs=1e-5) for r in found["results"]} == cosines
    scores = [result["score"] for result in found["results"]]
    assert scores == sorted(scores, reverse=True)
    assert "red/1.jpg [red], refined" in run(capsys, *asked[:-1], "--method", "refined")[1]
    code, _, err = run(capsys, *asked[:-1], "--method", "refined", "--class", "284")
    assert code == 2
    assert "plain and refined take none" in err


@pytest.mark.parametrize("method", ["plain", "refined"])
def test_evaluate_prints_the_figures_with_intervals_and_per_class(capsys, pictures, method):
    code, found, _ = run(capsys, "evaluate", pictures, "--method", method, "-k", 3, "--json")
    assert code == 0
    figures = ["precision_at_3", "recall_at_3", "map"]
    assert list(found) == [*figures, "queries", "interval", "per_class"]
    assert found["queries"] == 12
    photos = Collection.open(pictures)
    shares = [
        result.label == item.given_label
        for item in photos.items
        for result in photos.search(item.file, 3, method=method)
    ]
    assert found["precision_at_3"] == pytest.approx(sum(shares) / len(shares))
    assert list(found["interval"]) == figures
    for name, (low, high) in found["interval"].items():
        assert low <= found[name] <= high
    assert list(found["per_class"]) == ["blue", "green", "red"]
    assert found["per_class"]["red"].keys() == {*figures, "queries"}
    means = [one["map"] for one in found["per_class"].values()]
    assert sum(means) / 3 == pytest.approx(found["map"])


def test_evaluate_says_it_in_words_too_and_refuses_what_it_cannot_judge(capsys, pictures, tmp_path):
    code, words, _ = run(capsys, "evaluate", pictures)
    assert code == 0
    assert "efficientnet-lite0, plain: 12 queries, with 95 % intervals\nprecision_at_9 " in words
    assert "map" in words
    (tmp_path / "flat").mkdir()
    for number in range(2):
        draw(number).save(tmp_path / "flat" / f"{number}.jpg")
    code, _, err = run(capsys, "evaluate", tmp_path / "flat")
    assert code == 2
    assert "at least two pictures need one" in err
    assert run(capsys, "evaluate", pictures, "-k", 0)[0] == 2


def test_search_finds_only_pictures_of_a_label(capsys, pictures):
    _, found, _ = run(
        capsys, "search", pictures, "--query", "red/1.jpg", "--label", "blue", "--name", "blue/*", "--json"
    )
    assert {result["label"] for result in found["results"]} == {"blue"}


def test_splits_filter_a_search_and_are_named_in_what_is_exported(capsys, pictures, tmp_path):
    for place, name in (("train", "red"), ("train", "blue"), ("test", "green")):
        (pictures / place).mkdir(exist_ok=True)
        (pictures / name).rename(pictures / place / name)
    search = ("search", pictures, "--query", "train/red/1.jpg", "--json")
    for split, labels in (("test", {"green"}), ("train", {"red", "blue"})):
        for words in ((), ("--text", "cat")):
            _, found, _ = run(capsys, *search, "--split", split, *words)
            assert {result["label"] for result in found["results"]} == labels
            assert {result["split"] for result in found["results"]} == {split}
    code, _, err = run(capsys, *search, "--split", "val")
    assert code == 2
    assert "no picture is in the split 'val': choose from test, train" in err
    code, _, err = run(capsys, *search, "--split", "test", "--label", "red")
    assert code == 2
    assert "no picture passes all of these filters: label red, split test" in err
    _, judged, _ = run(capsys, "labels", pictures, "--csv", tmp_path / "judged.csv", "--json")
    assert {one["split"] for one in judged} == {"train", "test"}
    with (tmp_path / "judged.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["file"]: row["split"] for row in csv.DictReader(file)} == {
            one["file"]: one["split"] for one in judged
        }


def test_labels_are_judged_worst_first_with_their_neighbours_and_written_to_a_table(
    capsys, pictures, tmp_path
):
    table = tmp_path / "judged.csv"
    code, judged, _ = run(capsys, "labels", pictures, "--csv", table, "--json")
    assert code == 0
    assert len(judged) == 12
    assert all(
        one.keys() == {"file", "label", "suggested", "quality", "kind", "neighbours"} for one in judged
    )
    assert judged[0]["neighbours"][0].keys() == {"file", "label", "cosine"}
    qualities = [one["quality"] for one in judged]
    assert qualities == sorted(qualities)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [one["file"] for one in judged]
    _, words, _ = run(capsys, "labels", pictures)
    assert words.splitlines()[-1].startswith("12 images: ")


def test_labels_says_when_the_table_cannot_be_written(capsys, pictures):
    code, _, err = run(capsys, "labels", pictures, "--csv", pictures)
    assert code == 1
    assert f"{pictures} cannot be written" in err


def test_a_label_level_chooses_the_folder_that_is_the_label(capsys, pictures):
    (pictures.parent / "around").mkdir()
    pictures.rename(pictures.parent / "around" / "colours")
    folder = pictures.parent / "around"
    code, judged, err = run(capsys, "labels", folder, "--label-level", "-1", "--json")
    assert code == 0
    assert {one["label"] for one in judged} == {"colours"}
    assert "1 class from the first folder" in err
    code, _, err = run(capsys, "search", folder, "--query", "x", "--label-level", "2")
    assert code == 2
    assert "it must be from -2 to 1" in err


def test_an_empty_folder_name_is_refused(capsys):
    code, _, err = run(capsys, "search", "", "--text", "cat")
    assert code == 2
    assert "the folder's name is empty" in err


def test_a_negation_in_a_text_is_answered_with_how_to_write_it(capsys, pictures):
    code, _, err = run(capsys, "search", pictures, "--text", "not a cat")
    assert code == 0
    assert "write “− cat”" in err


def test_duplicates_are_listed_as_groups(capsys, pictures):
    (pictures / "blue" / "copy.jpg").write_bytes((pictures / "red" / "1.jpg").read_bytes())
    code, groups, _ = run(capsys, "duplicates", pictures, "--json")
    assert code == 0
    assert groups[0] == {
        "tier": "same pixels",
        "files": ["blue/copy.jpg", "red/1.jpg"],
        "keep": "blue/copy.jpg",
        "least_cosine": 1.0,
        "kind": "conflict",
    }
    _, words, _ = run(capsys, "duplicates", pictures)
    assert f"{len(groups)} groups of duplicates among 13 images: 1 same pixels" in words.splitlines()[-1]


def test_what_a_folder_shares_with_an_archive_is_found(capsys, pictures, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    for name, original in (("a.jpg", "red/1.jpg"), ("b.jpg", "red/1.jpg")):
        (new / name).write_bytes((pictures / original).read_bytes())
    draw(99).save(new / "only-here.jpg")
    _, groups, _ = run(capsys, "duplicates", new, "--against", pictures, "--json")
    same = [group for group in groups if group["tier"] == "same pixels"]
    assert [group["files"] for group in same] == [[str(pictures / "red/1.jpg"), "a.jpg", "b.jpg"]]
    assert not any("only-here.jpg" in group["files"] for group in same)


def test_decisions_and_tags_are_imported_from_the_tables_that_the_review_exports(capsys, pictures, tmp_path):
    table = tmp_path / "any name.csv"
    table.write_text("file,tags\nred/1.jpg,exclude; mine\ngone.jpg,mine\n")
    code, done, _ = run(capsys, "import", pictures, table, "--json")
    assert (code, done) == (0, {"tags_added": 2, "tags_removed": 0, "unknown": ["gone.jpg"]})
    log = Collection.open(pictures).corrections
    assert log.tags == {"red/1.jpg": ("exclude", "mine")}
    table.write_text("file,label,corrected,quality,decision\nred/1.jpg,red,blue,,relabel\n")
    assert run(capsys, "import", pictures, table)[:2] == (0, "decisions: 1\n")
    assert log.decisions["red/1.jpg"].corrected == "blue"
    table.write_text("file,tags\n,mine\n")
    code, _, err = run(capsys, "import", pictures, table)
    assert (code, "any name.csv: line 2: no file is named" in err) == (2, True)


def test_search_takes_any_picture_by_its_path(capsys, pictures, tmp_path):
    outside = tmp_path / "outside.jpg"
    outside.write_bytes((pictures / "red" / "1.jpg").read_bytes())
    _, found, _ = run(capsys, "search", pictures, "--query", outside, "--json")
    assert found["query"] == {"file": str(outside), "label": None}
    assert found["results"][0]["file"] == "red/1.jpg"


def test_search_says_it_in_words_too(capsys, pictures):
    _, words, _ = run(capsys, "search", pictures, "--query", "red/1.jpg", "--class", 284, "-k", 2)
    assert words.startswith("red/1.jpg [red], reweigh Siamese cat (284): ")
    assert len(words.splitlines()) == 3


def test_classify_takes_many_images_and_names_the_broken_ones(capsys, pictures):
    good, bad = pictures / "red" / "1.jpg", pictures / "bad.jpg"
    bad.write_bytes(b"")
    code, found, err = run(capsys, "classify", good, bad, good, "-k", 2, "--json")
    assert code == 1
    assert f"{bad}: the file is empty" in err
    assert [entry["file"] for entry in found] == [str(good)] * 2
    assert [c.keys() for c in found[0]["classes"]] == [{"index", "wnid", "name", "probability"}] * 2


def test_classes_finds_by_text(capsys):
    code, found, _ = run(capsys, "classes", "siamese", "--json")
    assert code == 0
    assert {"index": 284, "wnid": "n02123597", "name": "Siamese cat"} in found
    assert run(capsys, "classes", "qqqqqq")[0] == 1
    assert "ImageNet has no class for people" in run(capsys, "classes", "woman")[2]


def test_dataset_pascal_takes_photos_out_of_a_local_copy_of_voc(capsys, tmp_path, home):
    images = tmp_path / "VOC2012" / "JPEGImages"
    images.mkdir(parents=True)
    draw(1).save(images / "2008_000112.jpg")
    code, report, _ = run(capsys, "dataset", "pascal", "--from-voc", tmp_path, "--json")
    assert code == 0
    assert report.keys() == {"folder", "images", "missing", "seconds", "source"}
    assert (report["images"], len(report["missing"]), report["source"]) == (1, 999, str(images))
    assert report["missing"][0].keys() == {"file", "reason"}
    assert (home / "datasets" / "pascal" / "bottle" / "2008_000112.jpg").is_file()


@pytest.mark.usefixtures("one_attempt")
def test_dataset_pascal_offline_is_one_sentence_and_exit_code_1(capsys):
    code, out, err = run(capsys, "dataset", "pascal", "--url", "http://127.0.0.1:9", "--json")
    assert (code, out) == (1, "")
    assert "cannot be reached" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dataset", "pascal", "--url", "ftp://x"], "not an http"),
        (["dataset", "pascal", "--from-voc", "{home}"], "no copy of PASCAL VOC"),
        (["index", "{home}/nowhere"], "is not a folder"),
        (["index", "{home}"], "holds no pictures"),
        (["index", "{pictures}", "--encoder", "alexnet"], "efficientnet-lite0"),
        (["index", "{pictures}", "--weights", "{home}/none.h5"], "does not exist"),
        (["search", "{pictures}", "--query", "none.jpg"], "neither a picture"),
        (["search", "{pictures}", "--query", "red/1.jpg", "--class", "crane"], "134"),
        (["search", "{pictures}", "--query", "red/1.jpg", "--engine", "faiss"], "exact, annoy"),
        (["search", "{pictures}", "--query", "red/1.jpg", "-k", "0"], "at least 1"),
        (["search", "{pictures}", "--query", "red/1.jpg", "--region", "1,2"], "is not a region"),
        (["search", "{pictures}", "--query", "red/1.jpg", "--like", "none.jpg"], "neither a picture"),
        (["search", "{pictures}", "--query", "red/1.jpg", "--class", "1", "--strength", "7"], "from 0 to 1"),
        (["classify", "{home}/none.jpg"], "does not exist"),
        (["classify", "{pictures}/red/1.jpg", "-k", "0"], "at least 1"),
    ],
)
def test_bad_use_exits_with_2_and_says_what_would_be_right(capsys, pictures, home, arguments, message):
    code, out, err = run(capsys, *(a.format(home=home, pictures=pictures) for a in arguments))
    assert (code, out) == (2, "")
    assert err.startswith("imsearch: ")
    assert message in err


@pytest.mark.parametrize("arguments", [[], ["index"], ["frobnicate"], ["tags", "x"]])
def test_an_incomplete_command_exits_with_2(capsys, arguments):
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2


def test_a_failure_exits_with_1_and_one_line(capsys, pictures):
    (pictures / "labels.csv").write_bytes(b"\xff\xfe\xff")
    code, _, err = run(capsys, "index", pictures)
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "labels.csv" in err


def test_a_file_name_that_is_not_text_is_printed_escaped(pictures, home):
    os.rename(pictures / "red" / "1.jpg", os.fsencode(pictures / "red") + b"/\xff.jpg")
    Collection.open(pictures)
    arguments = [
        sys.executable,
        "-m",
        "imsearch_core",
        "search",
        pictures,
        "--query",
        "red/0.jpg",
        "-k",
        "11",
    ]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True)
    assert rb"red/\udcff.jpg" in done.stdout


@pytest.mark.parametrize(
    "command",
    [("search", "--query", "red/0.jpg", "-k", "11"), ("duplicates",), ("labels",), ("labels", "--json")],
)
def test_control_characters_in_names_never_reach_the_terminal(capsys, pictures, command):
    name = "red/\x1b[31m\x9b2J\t.jpg"
    (pictures / "red" / "1.jpg").rename(pictures / name)
    shutil.copy(pictures / name, pictures / "green" / "copy.jpg")
    assert main([command[0], str(pictures), *command[1:]]) == 0
    out, err = capsys.readouterr()
    assert all(line.isprintable() for line in (out + err).split("\n"))
    assert "[31m" in out


def test_search_takes_a_text_alone_or_with_a_picture(capsys, pictures):
    _, found, _ = run(capsys, "search", pictures, "--text", "cat on a flumpox", "-k", 3, "--json")
    assert found["query"]["text"] == "cat on a flumpox"
    assert [(w["word"], w["status"]) for w in found["query"]["words"]] == [
        ("cat", "unseen"), ("flumpox", "unknown"),
    ]  # fmt: skip
    assert (found["method"], found["class"]) == ("conse", None)
    assert [r["rank"] for r in found["results"]] == [1, 2, 3]
    arguments = ["--text", "cat", "--query", "red/1.jpg", "--text-weight", "0.3", "--like", "red/2.jpg"]
    _, both, _ = run(capsys, "search", pictures, *arguments, "--json")
    assert (both["query"]["file"], both["query"]["text_weight"]) == ("red/1.jpg", 0.3)
    assert not {"red/1.jpg", "red/2.jpg"} & {r["file"] for r in both["results"]}
    _, words, _ = run(capsys, "search", pictures, "--text", "cat")
    assert "“cat” (cat: unseen)" in words


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--text", ""],
        ["--text", "qqzzx"],
        ["--text", "cat", "--class", "284"],
        ["--text", "cat", "--text-weight", "0.5"],
        ["--text", "cat", "--like", "red/1.jpg"],
        ["--query", "red/1.jpg", "--text-weight", "0.5"],
        ["--query", "red/1.jpg", "--text", "cat", "--text-weight", "2"],
    ],
)
def test_texts_that_cannot_be_searched_for_are_wrong_usage(capsys, pictures, arguments):
    code, _, err = run(capsys, "search", pictures, *arguments)
    assert code == 2
    assert err.count("\n") == 1


def test_tags_are_words_with_their_cosines(capsys, pictures):
    code, tags, _ = run(capsys, "tags", pictures, "--query", "red/1.jpg", "-k", 4, "--json")
    assert code == 0
    assert len(tags) == 4
    assert all(tag.keys() == {"word", "cosine"} for tag in tags)
    assert tags[0]["word"] in run(capsys, "tags", pictures, "--query", "red/1.jpg")[1]


def test_training_tells_how_it_went_and_changes_later_searches(capsys, pictures):
    code, trained, _ = run(capsys, "train", pictures, "--json")
    assert code == 0
    assert {"epochs", "seconds", "held_out_cosine", "held_out_P@9"} < trained.keys()
    assert trained["epochs"] > 0
    assert trained["labels"] == ["blue", "green", "red"]
    _, found, _ = run(capsys, "search", pictures, "--text", "red", "--json")
    assert found["method"] == "conse and devise"
    assert found["query"]["words"][0]["status"] == "trained on"
    assert "held-out cosine" in run(capsys, "train", pictures)[1]
    (pictures / "red" / "0.jpg").unlink()
    assert "have changed" in run(capsys, "search", pictures, "--text", "red")[2]


def test_a_folder_in_which_nothing_can_be_read_is_one_sentence_and_exit_code_1(tmp_path, capsys):
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    assert main(["index", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith(
        f"imsearch: no picture in {tmp_path} can be read: 1 file skipped, the first a.jpg: "
    )


def test_what_matches_a_pattern_is_left_out(pictures, capsys):
    assert main(["index", str(pictures), "--exclude", "red/", "--exclude", "0.jpg", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["images"] == 6


def test_json_is_json_on_a_terminal_that_knows_ascii_alone(tmp_path):
    folder = tmp_path / "Größe"
    draw_folder(folder)
    command = [sys.executable, "-m", "imsearch_core", "search", str(folder), "--query", "red/0.jpg", "--json"]
    Collection.open(folder)
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=True
    )
    assert len(json.loads(run.stdout.decode("ascii"))["results"]) == 9
