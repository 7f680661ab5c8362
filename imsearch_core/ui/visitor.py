"""A session without a browser: speaks Streamlit's protocol to a running explorer, for measuring it."""

import time
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect


class Visitor:
    """One visitor of the Search page."""

    def __init__(self, address: str, folder: Path) -> None:
        self._folder = folder
        self._socket = connect(f"{address.replace('http', 'ws', 1)}/_stcore/stream", max_size=None)

    def show(self, file: str, **state: str) -> tuple[float, int]:
        """Ask for the page with `file` as the query; returns the seconds it took and the pictures in it."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode({"folder": str(self._folder), "q": file, **state})
        started = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        pictures = 0
        while True:
            message = ForwardMsg.FromString(self._socket.recv(timeout=120))
            kind = message.WhichOneof("type")
            if kind == "delta":
                pictures += message.delta.SerializeToString().count(b"/media/")
            elif kind == "script_finished":
                return time.perf_counter() - started, pictures

    def close(self) -> None:
        self._socket.close()
