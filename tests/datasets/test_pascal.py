"""Fetching the Pascal photos: from a page with faults, an archive with traps, a local copy of VOC."""

import csv
import io
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from imsearch_core.datasets import pascal, scan
from imsearch_core.datasets.pascal import Patience, fetch_pascal
from imsearch_core.errors import ImsearchError, UsageError
from tests.conftest import draw
from tests.local_site import Site

HURRY = Patience(silence=0.5, file=1.0, pause=0.01)


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


FILES = [
    "bottle/2008_000112.jpg",
    "cat/2008_000115.jpg",
    "dining_table/2008_000001.jpg",
    "potted_plant/2008_000002.jpg",
    "tv_monitor/2008_000003.jpg",
    *(f"dog/2008_0002{i:02}.jpg" for i in range(7)),
]


def on_the_page(file: str) -> str:
    """The path that the authors' page has for a file."""
    label, name = file.split("/")
    return f"{label.replace('_', '')}/{name}"


ON_THE_PAGE = [on_the_page(file) for file in FILES]


@pytest.fixture
def short_list(tmp_path, monkeypatch):
    """A list of 12 photos in place of the 1000, so that tests stay small."""
    path = tmp_path / "list.csv"
    rows = [f"{file},{file.split('/')[0]},{file.split('/')[0]} person" for file in FILES]
    path.write_text("\n".join(["file,label,all_labels", *rows, ""]), "utf-8")
    monkeypatch.setattr(pascal, "LIST_FILE", path)


@pytest.fixture
def photos():
    """Their contents."""
    return [encoded(i) for i in range(len(FILES))]


def encoded(seed: int) -> bytes:
    buffer = io.BytesIO()
    draw(seed, (120, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pascal"


@pytest.fixture
def page(site, photos, short_list):
    site.files = {f"/{path}": photo for path, photo in zip(ON_THE_PAGE, photos, strict=True)}
    return site


def fetched(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")}


def missing(report) -> dict[str, str]:
    return {skipped.file: skipped.reason for skipped in report.missing}


def test_the_shipped_list_names_a_thousand_photos_fifty_for_each_class():
    with pascal.LIST_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = [row["label"] for row in rows]
    assert len({row["file"] for row in rows}) == 1000
    assert {labels.count(label) for label in labels} == {50}
    assert {"dining_table", "potted_plant", "tv_monitor"} < set(labels)
    assert all(row["file"].split("/")[0] == row["label"] for row in rows)


def test_every_photo_of_the_page_lands_in_its_folder_with_its_labels(page, folder, photos):
    seen = []
    report = fetch_pascal(folder, url=page.url, patience=HURRY, progress=lambda *now: seen.append(now))
    assert (report.images, report.missing, report.source) == (12, (), page.url)
    assert [(folder / file).read_bytes() for file in FILES] == photos
    assert seen == [(i, 12) for i in range(13)]
    items = scan(folder).items
    assert len(items) == 12
    assert all(item.all_labels == (item.given_label, "person") for item in items)


@pytest.mark.parametrize("fault", ["500", "truncated", "cut picture", "html", "silent", "trickle"])
def test_a_fault_that_passes_is_overcome_by_trying_again(page, folder, fault):
    page.faults = {f"/{ON_THE_PAGE[0]}": [fault], f"/{ON_THE_PAGE[5]}": [fault, fault]}
    report = fetch_pascal(folder, url=page.url, patience=HURRY)
    assert report.missing == ()
    assert page.requests.count(f"/{ON_THE_PAGE[5]}") == 3


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("404", "answered 404"),
        ("500", "answered 500"),
        ("truncated", "broke the connection off"),
        ("cut picture", "end of the file is missing"),
        ("html", "not a picture"),
        ("silent", "cannot be reached|too slow"),
        ("trickle", "too slow"),
    ],
)
def test_a_fault_that_stays_leaves_that_photo_out_with_the_reason(page, folder, fault, reason):
    page.faults = {f"/{ON_THE_PAGE[2]}": [fault] * 9}
    report = fetch_pascal(folder, url=page.url, patience=HURRY)
    assert report.images == 11
    assert list(missing(report)) == [FILES[2]]
    assert re.search(reason, missing(report)[FILES[2]])
    assert fetched(folder) == set(FILES) - {FILES[2]}


def test_a_file_that_is_not_there_is_asked_for_once(page, folder):
    page.faults = {f"/{ON_THE_PAGE[2]}": ["404"] * 9}
    fetch_pascal(folder, url=page.url, patience=HURRY)
    assert page.requests.count(f"/{ON_THE_PAGE[2]}") == 1


def test_a_second_run_fetches_only_what_is_missing_or_broken(page, folder):
    page.faults = {f"/{ON_THE_PAGE[2]}": ["404"]}
    fetch_pascal(folder, url=page.url, patience=HURRY)
    (folder / FILES[7]).write_bytes(b"broken since")
    page.requests.clear()
    report = fetch_pascal(folder, url=page.url, patience=HURRY)
    assert sorted(page.requests) == sorted([f"/{ON_THE_PAGE[2]}", f"/{ON_THE_PAGE[7]}"])
    assert (report.images, report.missing) == (12, ())
    page.requests.clear()
    assert fetch_pascal(folder, url=page.url, patience=HURRY).source == "already there"
    assert page.requests == []


def test_a_server_that_goes_away_half_way_is_not_asked_for_ever(page, folder, monkeypatch):
    monkeypatch.setattr(pascal, "_GIVE_UP_AFTER", 2)
    page.gone_after = 6
    report = fetch_pascal(folder, url=page.url, patience=HURRY)
    assert 0 < report.images < 12
    assert report.images + len(report.missing) == 12
    assert all(missing(report).values())
    page.gone_after = None
    assert fetch_pascal(folder, url=page.url, patience=HURRY).images == 12


def test_an_interrupted_fetch_keeps_what_it_has_and_goes_on(page, folder):
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_pascal(folder, url=page.url, patience=HURRY, progress=stop)
    assert len(fetched(folder)) == 5
    assert not list(folder.rglob(".*"))
    assert fetch_pascal(folder, url=page.url, patience=HURRY).images == 12


def test_offline_one_sentence_says_what_to_do(short_list, folder, monkeypatch):
    nobody = "http://127.0.0.1:9"
    monkeypatch.setattr(pascal, "PAGE_URL", nobody)
    monkeypatch.setattr(pascal, "ARCHIVE_URL", f"{nobody}/voc.tar")
    with pytest.raises(ImsearchError, match=r"cannot be reached.*--from-voc DIR.*illustrated"):
        fetch_pascal(folder, patience=HURRY)


def test_what_the_page_lacks_comes_from_the_archive(page, folder, photos, monkeypatch):
    page.files["/voc.tar"] = archive_of(photos)
    page.faults = {f"/{ON_THE_PAGE[2]}": ["404"] * 9}
    monkeypatch.setattr(pascal, "PAGE_URL", page.url)
    monkeypatch.setattr(pascal, "ARCHIVE_URL", f"{page.url}/voc.tar")
    report = fetch_pascal(folder, patience=HURRY)
    assert (report.images, report.source) == (12, f"{page.url}/voc.tar")
    assert (folder / FILES[2]).read_bytes() == photos[2]


def archive_of(photos: list[bytes], files: list[str] = FILES, hostile: bool = False) -> bytes:
    """A tar laid out like VOC's, with other members between the photos."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:

        def add(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, target: str = "") -> None:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.size = kind, target, len(content)
            archive.addfile(member, io.BytesIO(content))

        add("VOCdevkit/VOC2012/Annotations/2008_000112.xml", b"<annotation/>")
        add("VOCdevkit/VOC2012/SegmentationClass/2008_000112.jpg", b"not the photo")
        if hostile:
            add("../escaped.jpg", photos[0])
            add("/tmp/imsearch-absolute.jpg", photos[0])
            add("../JPEGImages/../../escaped.jpg", photos[0])
            add(
                f"VOCdevkit/VOC2012/JPEGImages/{Path(files[0]).name}",
                kind=tarfile.SYMTYPE,
                target="/etc/passwd",
            )
            add(f"VOCdevkit/VOC2012/JPEGImages/{Path(files[1]).name}", kind=tarfile.CHRTYPE)
            add(f"VOCdevkit/VOC2012/JPEGImages/{Path(files[2]).name}", kind=tarfile.FIFOTYPE)
            add(
                f"VOCdevkit/VOC2012/JPEGImages/{Path(files[3]).name}",
                kind=tarfile.LNKTYPE,
                target="/etc/passwd",
            )
        for file, photo in zip(files, photos, strict=True):
            add(f"VOCdevkit/VOC2012/JPEGImages/{Path(file).name}", photo)
            add(f"VOCdevkit/VOC2012/JPEGImages/2012_{Path(file).name}", b"another photo")
    return buffer.getvalue()


def test_photos_are_picked_out_of_the_archive_and_its_traps_do_nothing(site, folder, photos, short_list):
    site.files["/mirror/voc.tar"] = archive_of(photos, hostile=True)
    before = {path for path in folder.parent.rglob("*") if folder not in path.parents}
    report = fetch_pascal(folder, url=f"{site.url}/mirror/voc.tar", patience=HURRY)
    assert report.missing == ()
    assert [(folder / file).read_bytes() for file in FILES] == photos
    assert fetched(folder) == set(FILES)
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert not Path("/tmp/imsearch-absolute.jpg").exists()
    after = {path for path in folder.parent.rglob("*") if folder not in path.parents}
    assert after - before <= {folder}


def test_an_archive_that_ends_early_gives_what_it_had_and_says_so(site, folder, photos, short_list):
    whole = archive_of(photos)
    site.files["/voc.tar"] = whole[: len(whole) // 2]
    report = fetch_pascal(folder, url=f"{site.url}/voc.tar", patience=HURRY)
    assert 0 < report.images < 12
    assert all(f"{site.url}/voc.tar" in reason for reason in missing(report).values())
    site.files["/voc.tar"] = whole
    assert fetch_pascal(folder, url=f"{site.url}/voc.tar", patience=HURRY).images == 12


def test_the_archive_is_read_no_further_than_needed(site, folder, photos, short_list):
    site.files["/voc.tar"] = archive_of(photos) + b"garbage" * 100_000
    assert fetch_pascal(folder, url=f"{site.url}/voc.tar", patience=HURRY).images == 12


@pytest.mark.parametrize("named", ["VOCdevkit", "VOCdevkit/VOC2012", "VOCdevkit/VOC2012/JPEGImages"])
def test_a_local_copy_of_voc_may_be_named_at_any_level(tmp_path, folder, photos, short_list, named):
    images = tmp_path / "VOCdevkit" / "VOC2012" / "JPEGImages"
    images.mkdir(parents=True)
    for file, photo in list(zip(FILES, photos, strict=True))[1:]:
        (images / Path(file).name).write_bytes(photo)
    report = fetch_pascal(folder, from_voc=tmp_path / named)
    assert (report.images, report.source) == (11, str(images))
    assert missing(report) == {FILES[0]: f"not in {images}"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"url": "ftp://somewhere"}, "not an http"), ({"from_voc": "/nonexistent"}, "no copy of PASCAL VOC")],
)
def test_a_senseless_source_is_refused(folder, arguments, message):
    with pytest.raises(UsageError, match=message):
        fetch_pascal(folder, **arguments)


def test_a_folder_that_cannot_be_written_is_named(page, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ImsearchError, match="cannot be written"):
        fetch_pascal(tmp_path / "file" / "pascal", url=page.url, patience=HURRY)


def test_the_genuine_photos_come_through_all_faults_unharmed(site, folder, voc20, tmp_path, monkeypatch):
    with (voc20 / "labels.csv").open(encoding="utf-8", newline="") as file:
        genuine = [row["file"] for row in csv.DictReader(file) if row["source"] == "pascal_sentences"][::4]
    assert len(genuine) == 71
    rows = ["file,label,all_labels", *(f"{file},{file.split('/')[0]}," for file in genuine)]
    (tmp_path / "list.csv").write_text("\n".join([*rows, ""]), "utf-8")
    monkeypatch.setattr(pascal, "LIST_FILE", tmp_path / "list.csv")
    site.files = {f"/{on_the_page(file)}": (voc20 / file).read_bytes() for file in genuine}
    for i, fault in enumerate(["500", "truncated", "cut picture", "html", "silent"] * 2):
        site.faults[f"/{on_the_page(genuine[7 * i])}"] = [fault]
    site.faults[f"/{on_the_page(genuine[3])}"] = ["404"]
    report = fetch_pascal(folder, url=site.url, patience=HURRY)
    assert report.images == 70
    assert missing(report) == {genuine[3]: "answered 404"}
    report = fetch_pascal(folder, url=site.url, patience=HURRY)
    assert report.images == 71
    assert all((folder / file).read_bytes() == (voc20 / file).read_bytes() for file in genuine)
    shutil.rmtree(folder)


def test_the_genuine_photos_come_out_of_a_hostile_archive(site, folder, voc20):
    files = sorted(path.relative_to(voc20).as_posix() for path in (voc20 / "cat").glob("2008_*.jpg"))
    listed = {row for row in pascal._photos_of_the_list() if row.startswith("cat/")}
    files = [file for file in files if file in listed]
    assert len(files) == 50
    site.files["/voc.tar"] = archive_of([(voc20 / file).read_bytes() for file in files], files, hostile=True)
    report = fetch_pascal(folder, url=f"{site.url}/voc.tar", patience=HURRY)
    assert fetched(folder) == set(files)
    assert report.images == 50
