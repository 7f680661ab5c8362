"""Who may connect to the running server, and whom the server itself connects to; over real sockets."""

import base64
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from imsearch_core.bench.browser import explorer_process, free_port, wait_for
from imsearch_core.bench.session import open_session
from tests.conftest import ROOT, draw_folder

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
def server(tmp_path_factory):
    """An explorer that has been visited: its address, and where its connections are written down."""
    base = tmp_path_factory.mktemp("doors")
    folder = draw_folder(base / "photos")
    with explorer_process(free_port(), **witnessed(base, folder)) as (address, _):
        with open_session(address) as session:
            session.show(folder=str(folder))
        yield address, base


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
        *([f"Origin: {origin}"] if origin else []),
    ]
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(4096).split()[1])


def test_a_session_is_opened_under_this_machines_own_names(server):
    address, _ = server
    port = urlsplit(address).port
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert shake_hands(address, f"{host}:{port}", f"http://{host}:{port}") == 101


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil"]
)
def test_a_page_that_points_its_name_at_this_machine_gets_no_session(server, host):
    address, _ = server
    host = host.format(port=urlsplit(address).port)
    assert shake_hands(address, host, f"http://{host}") == 403


def test_a_page_of_another_site_gets_no_session_and_nobody_outside_is_asked(server):
    address, base = server
    port = urlsplit(address).port
    for _ in range(3):
        assert shake_hands(address, f"localhost:{port}", "http://evil.example") == 403
    assert outside(base) == []


def test_the_app_command_asks_nobody_outside_even_before_a_page_was_opened(tmp_path):
    folder = draw_folder(tmp_path / "photos")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "imsearch_core", "app", str(folder), "--no-browser", f"--port={port}"],
        cwd=ROOT,
        env=os.environ | witnessed(tmp_path, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://localhost:{port}/_stcore/health", server)
        assert shake_hands(f"http://localhost:{port}", f"localhost:{port}", "http://evil.example") == 403
        with open_session(f"http://localhost:{port}") as session:
            session.show(folder="open")
    finally:
        server.terminate()
        server.wait(30)
    assert outside(tmp_path) == []
