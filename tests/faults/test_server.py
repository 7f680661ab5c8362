"""The running server, over real sockets: what it hands out, who may connect, whom it connects to; memory."""

import asyncio
import base64
import contextlib
import http.client
import os
import socket
import struct
import subprocess
import sys
import uuid
import zlib
from ast import literal_eval
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from PIL import Image
from streamlit import cli_util
from streamlit.web import bootstrap

from imsearch_core.bench.browser import explorer_process, free_port
from imsearch_core.bench.session import open_session
from imsearch_core.server import start
from tests.conftest import ROOT, draw_folder
from tests.faults.planted import plant

# Run by the interpreter at its start: writes down every address that the process connects to or looks up.
_WITNESS = """
import os, sys

def say(*words):
    with open(os.environ["WITNESS"], "a") as file:
        print(*words, file=file)

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        say(event, arguments[1] if event == "socket.connect" else arguments[0])

say("here")
sys.addaudithook(note)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A planted folder with links out of it, the secret that they lead to, and the address of an explorer.

    The explorer's connections are written down in the base folder.
    """
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
    with explorer_process(free_port(), **witnessed(base, base / "allowed")) as (address, server):
        yield base, address, server


def witnessed(base, folder) -> dict[str, str]:
    """The environment of an explorer whose connections are written down in `base`/connections."""
    (base / "sitecustomize.py").write_text(_WITNESS)
    path = os.pathsep.join(filter(None, (str(base), os.environ.get("PYTHONPATH"))))
    return {
        "IMSEARCH_HOME": str(base / "home"),
        "IMSEARCH_FOLDERS": str(folder),
        "PYTHONPATH": path,
        "WITNESS": str(base / "connections"),
    }


def outside(base) -> list[str]:
    """What the explorer connected to or looked up beyond this machine."""
    first, *connected = (base / "connections").read_text().splitlines()
    assert first == "here"
    own = ("here", "localhost", "127.0.0.1", "::1")
    return [line for line in connected if not any(name in line for name in own)]


def shake_hands(address: str, host: str, origin: str | None) -> int:
    """Ask for a session as a browser does, under these names; returns the HTTP status."""
    place = urlsplit(address)
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit",
        *([] if origin is None else [f"Origin: {origin}"]),
    ]
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(4096).split()[1])


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
from imsearch_core.pictures.decode import open_image, thumbnail
before = most_memory()  # not ru_maxrss, which begins with what the test's own process holds
thumbnail(open_image(open(sys.argv[1], "rb").read(), 256), 640)
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


@pytest.mark.parametrize(("what", "megabytes"), [("transparent", 400), ("floats", 250)])
def test_a_large_picture_is_read_in_bounded_memory(tmp_path, what, megabytes):
    path = tmp_path / what
    if what == "transparent":
        png_of_zeros(path, 5000, 8, 6, 20_000)
    else:
        Image.new("F", (4000, 4000)).save(path, "TIFF", compression="tiff_deflate")
    assert path.stat().st_size < 1 << 20
    told = subprocess.run([sys.executable, "-c", _PEAK, path], cwd=ROOT, capture_output=True, text=True)
    assert float(told.stdout) < megabytes, told.stderr


def test_a_session_is_opened_under_this_machines_own_names(place):
    _, address, _ = place
    port = urlsplit(address).port
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert shake_hands(address, f"{host}:{port}", f"http://{host}:{port}") == 101


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil"]
)
def test_a_page_that_points_its_name_at_this_machine_gets_no_session_and_no_file(place, host):
    _, address, _ = place
    host = host.format(port=urlsplit(address).port)
    assert shake_hands(address, host, f"http://{host}") == 403
    for path in ("/", "/media/x.jpg", "/_stcore/health"):
        asked = Request(address + path, headers={"Host": host})
        with pytest.raises(HTTPError, match="403"):
            urlopen(asked, timeout=30)


def test_a_page_of_another_site_gets_no_session_and_nobody_outside_is_asked(place):
    base, address, _ = place
    port = urlsplit(address).port
    for _ in range(3):
        assert shake_hands(address, f"localhost:{port}", "http://evil.example") == 403
    assert outside(base) == []


def test_nobody_outside_is_asked_even_before_a_page_was_opened(tmp_path):
    with explorer_process(free_port(), **witnessed(tmp_path, tmp_path)) as (address, _):
        host = urlsplit(address).netloc
        for origin in ("http://evil.example", "http://10.0.0.9:8501", "null", "http://[", ""):
            assert shake_hands(address, host, origin) == 403
        assert shake_hands(address, host, f"http://{host}") == 101
    assert outside(tmp_path) == []


@pytest.mark.parametrize("headless", [False, True])
def test_a_browser_is_opened_unless_the_server_is_headless(headless, monkeypatch):
    opened = []
    options = {"server_headless": headless, "server_address": "localhost", "server_port": 8765}
    bootstrap.load_config_options(options)
    monkeypatch.setattr(cli_util, "open_browser", opened.append)

    async def started() -> None:
        async with start(None):
            await asyncio.sleep(0)

    try:
        with ThreadPoolExecutor() as elsewhere:  # Playwright may have a loop in this thread
            elsewhere.submit(asyncio.run, started()).result()
    finally:
        bootstrap.load_config_options({})
    assert opened == ([] if headless else ["http://localhost:8765"])
