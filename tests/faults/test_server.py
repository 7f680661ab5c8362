"""The running server, asked by a real HTTP client for what nobody should get; uploads; memory."""

import contextlib
import http.client
import struct
import subprocess
import sys
import uuid
import zlib
from ast import literal_eval
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
from PIL import Image

from imsearch_core.bench.browser import explorer_process, free_port
from imsearch_core.bench.session import open_session
from tests.conftest import ROOT, draw_folder
from tests.faults.planted import plant


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A planted folder with links out of it, the secret that they lead to, and the address of an explorer."""
    base = tmp_path_factory.mktemp("server")
    folder = draw_folder(base / "allowed" / "photos")
    (base / "secret").mkdir()
    Image.new("RGB", (8, 8), "red").save(base / "secret" / "private.png")
    (base / "secret" / "labels.csv").write_text("file,label\nred/1.jpg,confidential\n")
    (folder / "way out").symlink_to(base / "secret")
    (folder / "private.png").symlink_to(base / "secret" / "private.png")
    (folder / "labels.csv").symlink_to(base / "secret" / "labels.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMSEARCH_HOME", str(base / "home"))
        plant(folder)
    environment = {"IMSEARCH_HOME": str(base / "home"), "IMSEARCH_FOLDERS": str(base / "allowed")}
    with explorer_process(free_port(), **environment) as (address, server):
        yield base, address, server


def ask(address: str, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """Send just this target, which a well-behaved client would tidy up first."""
    with contextlib.closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)) as connection:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_no_address_leads_to_a_file_that_no_page_shows(place):
    base, address, _ = place
    with open_session(address) as session:
        session.show(folder=str(base / "allowed" / "photos"))
        shown = session.cells[0]["image"]
        assert session.get(shown)[0] == 200
        session.page = "browse"
        session.show(folder=str(base / "allowed" / "photos"))
        tile = session.cells[0]["image"]
        assert session.get(tile)[0] == 200
    up = (
        "../" * 12,
        "..%2f" * 12,
        "%2e%2e/" * 12,
        "..%5c" * 12,
        "....//" * 12,
        "%252e%252e%252f" * 12,
        "/",
        "",
    )
    wanted = (
        "etc/passwd",
        str(base / "secret" / "private.png").lstrip("/"),
        "imsearch_core/files.py",
        "app.py",
    )
    roots = (
        "/media/",
        f"{tile.rpartition('/')[0]}/",
        "/tiles/guessed/small/",
        "/static/",
        "/app/static/",
        "/component/x/",
        "/_stcore/bidi-components/imsearch_gallery/",
        "/_stcore/upload_file/",
        "/",
    )
    private = (base / "secret" / "private.png").read_bytes()
    for root in roots:
        for before in up:
            for file in wanted:
                status, content = ask(address, "GET", quote(root + before + file, safe="/%.\\"))
                assert b"root:x:0:0" not in content
                assert b"def data_dir()" not in content
                assert b"from imsearch_core.ui.shell.frame" not in content
                assert private not in content
                assert status < 500


def test_links_out_of_the_allowed_folders_are_skipped_and_named(place):
    base, address, _ = place
    with open_session(address) as session:
        session.show(folder=str(base / "allowed" / "photos"), k="60")
        assert len(session.cells) == 11
        assert {cell["label"] for cell in session.cells} == {"red", "green", "blue"}
        assert "3 skipped" in session.texts


@pytest.mark.parametrize(
    "path",
    ["/etc", "/", "~root", "{base}/secret", "{base}/allowed/../secret", "{base}/allowed/photos/way out"],
)
def test_no_other_folder_is_listed(place, path):
    base, address, _ = place
    with open_session(address) as session:
        session.show(folder=path.format(base=base))
        assert not session.cells
        assert "private" not in " ".join(session.texts)


def upload(address: str, session, name: str, content: bytes, declared: int | None = None) -> int:
    """Send a file as a browser does; returns the status."""
    edge = uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="x"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{edge}--\r\n".encode()
    with urlopen(f"{address}/_stcore/health") as health:
        token = health.headers["Set-Cookie"].split(";")[0].partition("=")
    headers = {
        "Content_Type": f"multipart/form-data; boundary={edge}",
        "Content_Length": str(declared or len(body)),
        "Cookie": "".join(token),
        "X_Xsrftoken": token[2].strip('"'),
    }
    try:
        return ask(address, "PUT", session.upload_address(name), body, **headers)[0]
    except (BrokenPipeError, ConnectionResetError):
        return 413  # refused before all was sent


def test_an_upload_is_limited_kept_in_memory_and_never_named_by_its_sender(place):
    base, address, _ = place
    before = set(base.rglob("*"))
    hostile = "../../../" + str(base / "home").lstrip("/") + "/evil.png"
    with open_session(address) as session:
        session.show(folder=str(base / "allowed" / "photos"))
        assert upload(address, session, hostile, b"x" * 1000) in (200, 204)
        assert upload(address, session, "large.png", bytes(26 << 20)) == 413
        assert upload(address, session, "lying.png", bytes(26 << 20), declared=10) in (400, 413)
    assert {path.name for path in set(base.rglob("*")) - before if "evil" in path.name} == set()


def test_it_listens_on_this_machine_only(place):
    _, address, server = place
    port = urlsplit(address).port
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{server.pid}/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.split(":")[1], 16) == port:
                listening.append(local.split(":")[0])
    loopback = {"0100007F", "00000000000000000000000001000000"}
    assert listening
    assert set(listening) <= loopback


def test_nothing_is_told_to_anybody_and_no_folder_of_ours_is_served():
    expected = {
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "server.address": "localhost",
        "server.enableCORS": True,  # that is: others' pages may not ask
        "server.enableStaticServing": False,
        "server.enableXsrfProtection": True,
        "server.maxUploadSize": 25,
    }
    code = f"from streamlit.config import get_option; print({{n: get_option(n) for n in {list(expected)}}})"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert literal_eval(told.stdout) == expected


_PEAK = """
import sys
from imsearch_core.bench.machine import most_memory
from imsearch_core.errors import BadImage
from imsearch_core.pictures.decode import open_image, thumbnail
before = most_memory()  # not ru_maxrss, which begins with what the test's own process holds
try:
    thumbnail(open_image(open(sys.argv[1], "rb").read(), 256), 640)
except BadImage as refused:
    print(refused, file=sys.stderr)
print((most_memory() - before) / (1 << 20))
"""


def png_of_zeros(path: Path, side: int, depth: int, colour: int, bytes_per_row: int) -> None:
    """A square PNG of some kilobytes, written without ever being in memory."""
    packer, rows = zlib.compressobj(), bytearray()
    for _ in range(side):
        rows += packer.compress(bytes(1 + bytes_per_row))
    rows += packer.flush()
    header = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    framed = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in chunks)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(framed))


@pytest.mark.parametrize(("what", "megabytes"), [("bomb", 30), ("transparent", 400), ("floats", 250)])
def test_a_bomb_is_refused_in_little_memory_and_a_large_picture_read_in_bounded(tmp_path, what, megabytes):
    path = tmp_path / what
    if what == "bomb":
        png_of_zeros(path, 20_000, 1, 0, 2500)  # 1.2 GB as RGB
    elif what == "transparent":
        png_of_zeros(path, 5000, 8, 6, 20_000)
    else:
        Image.new("F", (4000, 4000)).save(path, "TIFF", compression="tiff_deflate")
    assert path.stat().st_size < 1 << 20
    told = subprocess.run([sys.executable, "-c", _PEAK, path], cwd=ROOT, capture_output=True, text=True)
    assert ("too large" in told.stderr) == (what == "bomb"), told.stderr
    assert float(told.stdout) < megabytes
