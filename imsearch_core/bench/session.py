"""A session of the explorer without a browser: Streamlit's protocol over a websocket, and pictures by HTTP.

It takes a hundredth of a browser's resources, so that many sessions load the server, not the client.
"""

import http.client
import importlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from imsearch_core.errors import ImsearchError

_PATIENCE = 60.0  # seconds without a word from the server
_LARGEST_MESSAGE = 200 << 20
_INTERNAL_KEY = "$$STREAMLIT_INTERNAL_KEY"  # how Streamlit names the events of a component


@dataclass
class Session:
    """One open page; `show` and `click` return when its script has ended and its pictures have come."""

    address: str
    socket: Any
    pictures: http.client.HTTPConnection
    patience: float
    fetches: bool
    """Whether the pictures of the grid are fetched, too."""
    page: str = ""
    """The name of the page, such as "map"; empty for Search."""
    session_id: str = ""
    query: str = ""
    """The query string of the page's address."""
    gallery: str = ""
    """The widget id of the grid."""
    cells: list[dict[str, Any]] = field(default_factory=list)
    """The cells of the grid: file, image and more for each picture."""
    texts: list[str] = field(default_factory=list)
    """What the latest run has written."""
    progress: list[tuple[float, str]] = field(default_factory=list)
    """The values, 0 to 1, and texts that progress bars have shown since the page was opened."""
    _loaded: set[str] = field(default_factory=set)
    _wall: str = ""
    """Where the cells of Browse are to be asked for, if that is the page."""

    def show(self, **url: str) -> None:
        """Open the page with these values in its link. Raises ImsearchError if it fails."""
        self.begin(**url)
        self._finish()

    def begin(self, **url: str) -> None:
        """Ask for the page with these values in its link, and do not wait for it."""
        self.query = urlencode(url)
        self._ask([])

    def click(self, place: int) -> None:
        """Pick a picture of the grid."""
        file = self.cells[place % len(self.cells)]["file"]
        before = [cell["file"] for cell in self.cells]
        picked = _message("WidgetStates", "WidgetState")(id=f"{_INTERNAL_KEY}_{self.gallery}__events")
        picked.json_trigger_value = json.dumps([{"event": "picked", "value": file}])
        self._run([_message("WidgetStates", "WidgetState")(id=self.gallery, json_value="{}"), picked])
        if [cell["file"] for cell in self.cells] == before:
            raise ImsearchError(f"a click on {file} has changed nothing")

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and content of an address of the server."""
        try:
            self.pictures.request("GET", path)
            answer = self.pictures.getresponse()
        except ConnectionError:  # the server closes connections that idle: a browser opens another
            self.pictures.close()
            self.pictures.request("GET", path)
            answer = self.pictures.getresponse()
        return answer.status, answer.read()

    def upload_address(self, name: str) -> str:
        """Where a file of this name may be sent."""
        request = _message("BackMsg")()
        request.file_urls_request.request_id = "1"
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self.session_id
        self.socket.send(request.SerializeToString())
        while True:
            message = self._receive()
            if message.WhichOneof("type") == "file_urls_response":
                return message.file_urls_response.file_urls[0].upload_url

    def _run(self, states: list[Any]) -> None:
        self._ask(states)
        self._finish()

    def _ask(self, states: list[Any]) -> None:
        request = _message("BackMsg")()
        request.rerun_script.query_string = self.query
        request.rerun_script.page_name = self.page
        request.rerun_script.widget_states.widgets.extend(states)
        self.socket.send(request.SerializeToString())
        self.texts, self.progress, self._wall = [], [], ""

    def take_one(self) -> bool:
        """Take the next message of the server; returns whether the page is finished. Raises ImsearchError
        if it fails."""
        message = self._receive()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            self._take(message.delta.new_element)
            if message.delta.add_block.HasField("popover"):
                self.texts.append(message.delta.add_block.popover.label)
        elif kind == "script_finished" and message.script_finished == message.FINISHED_SUCCESSFULLY:
            return True
        elif kind == "script_finished" and message.script_finished != message.FINISHED_EARLY_FOR_RERUN:
            raise ImsearchError(f"the page ended with status {message.script_finished}")
        return False

    def _finish(self) -> None:
        while not self.take_one():
            pass
        if self._wall:
            self.cells = self._first_of_wall()
        for cell in self.cells if self.fetches else ():
            if cell["image"] not in self._loaded:
                status, _ = self.get(cell["image"])
                if status != 200:
                    raise ImsearchError(f"{cell['image']} is answered with {status}")
                self._loaded.add(cell["image"])

    def _first_of_wall(self) -> list[dict[str, Any]]:
        status, cells = self.get(self._wall)
        if status != 200:
            raise ImsearchError(f"{self._wall} is answered with {status}")
        return json.loads(cells)

    def _take(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise ImsearchError(f"a traceback on the page at ?{self.query}: {element.exception.message}")
        if kind == "markdown":
            self.texts.append(element.markdown.body)
        if kind == "progress":
            self.progress.append((element.progress.value / 100, element.progress.text))
        if kind == "alert":
            self.texts.append(element.alert.body)
        component = element.bidi_component
        if kind == "bidi_component" and "imsearch_wall" in component.component_name:
            (data,) = json.loads(component.json)
            self._wall = f"{data['address']}/cells/{data['turn']}/0"
        if kind == "bidi_component" and "imsearch_gallery" in component.component_name:
            (data,) = json.loads(component.json)
            self.gallery, self.cells = component.id, data["cells"]

    def _receive(self) -> Any:
        message = _message("ForwardMsg")()
        try:
            message.ParseFromString(self.socket.recv(timeout=self.patience))
        except (TimeoutError, OSError) as error:
            raise ImsearchError(f"the server says nothing more: {error}") from error
        return message


def _message(kind: str, name: str = "") -> Any:
    """A class of Streamlit's protocol messages. By name: outside the pages nothing depends on Streamlit."""
    return getattr(importlib.import_module(f"streamlit.proto.{kind}_pb2"), name or kind)


@contextmanager
def open_session(address: str, patience: float = _PATIENCE, fetches: bool = True) -> Iterator[Session]:
    """A session of the explorer at `address`; nothing is shown yet.

    `patience` is in seconds; with `fetches`, the grid's pictures are fetched, too. Raises ImsearchError
    if the connection breaks.
    """
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    place = urlsplit(address).netloc
    try:
        with connect(
            f"ws://{place}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=_LARGEST_MESSAGE,
            proxy=None,
            compression=None,
        ) as socket:
            pictures = http.client.HTTPConnection(place, timeout=_PATIENCE)
            try:
                yield Session(address, socket, pictures, patience, fetches)
            finally:
                pictures.close()
    except (WebSocketException, OSError, http.client.HTTPException) as error:
        raise ImsearchError(f"the connection to {quote(address, ':/')} broke: {error}") from error
