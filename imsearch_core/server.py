"""The server behind the pages: who may connect, what it answers itself, what is in a page from the start.

Apart from `ui`, because it is imported before there is a server, and the pages only after.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import App, cli_util, config
from streamlit.web.server import server_util
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

_UI = Path(__file__).with_name("ui")
_STYLES = (_UI / "shell" / "frame.css", _UI / "search" / "strip.css")
_SCRIPTS = (_UI / "shell" / "navigation.js", _UI / "shell" / "dropping.js")
# Streamlit asks for the server below the page's own address before it asks at the root, and gets a 404.
_BASE = '<script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", location.href).href};</script>'


class OwnHostOnly:
    """Refuses requests under another name than `server.allowedHosts`, and websockets of other sites' pages.

    Another name that points at this machine (DNS rebinding) would make a page of another site one of ours.
    Streamlit refuses both for websockets alone. It first compares the other site's name with the addresses of
    this machine, for which it asks a service on the internet; meanwhile every visitor waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else None
        if headers is None or (is_host_allowed(headers.get("host")) and not _is_foreign(scope, headers)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # not accepted yet, so the browser gets a 403
        else:
            answer = PlainTextResponse("This host is not one of server.allowedHosts.", status_code=403)
            await answer(scope, receive, send)


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether a websocket is asked for by a page of another host than the one it is sent to."""
    origin = headers.get("origin")
    if scope["type"] != "websocket" or origin is None:
        return False
    try:
        return urlsplit(origin).netloc != headers.get("host")
    except ValueError:  # not an address
        return True


@dataclass(frozen=True)
class Answer:
    """What the server answers to one request."""

    content: bytes
    media_type: str
    lasts: bool
    """Whether a browser may keep it: the same address always gets the same answer."""


class Answering(Protocol):
    """Part of a page that the browser asks for more than the page has sent."""

    def answer(self, asked: str) -> Answer | None:
        """The answer to the end of an address, whatever it contains; None if there is none. Runs in a
        thread."""


_THREADS = ThreadPoolExecutor(2, "tiles")  # few: the threads of the pages need the processors too
_answering: WeakValueDictionary[str, Answering] = WeakValueDictionary()


def address_of(answering: Answering) -> str:
    """A new address that nobody can guess, below which `answering` answers as long as it is in use."""
    token = secrets.token_urlsafe(16)
    _answering[token] = answering
    return f"{_base()}/tiles/{token}"


async def _answer(request: Request) -> Response:
    answering = _answering.get(request.path_params["token"])
    asked = request.path_params["asked"]
    if answering is None:
        return Response(status_code=404)
    found = await asyncio.get_running_loop().run_in_executor(_THREADS, answering.answer, asked)
    if found is None:
        return Response(status_code=404)
    lasting = "private, max-age=3600" if found.lasts else "no-store"
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": lasting})


def routes() -> list[Route]:
    """What the server answers besides Streamlit's own addresses."""
    return [Route(f"{_base()}/tiles/{{token}}/{{asked:path}}", _answer)]


def _base() -> str:
    base = config.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


class OurPage:
    """Adds our style and our scripts to the page that Streamlit serves, so that they hold from the start.

    A style that is sent as an element comes after others, and moves them.
    """

    # Without these, the answer is the whole page, not compressed.
    _NOT_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since")
    _OF_THE_FILE = ("etag", "last-modified")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        style = "\n".join(path.read_text("utf-8") for path in _STYLES)
        scripts = (f'<script type="module">{path.read_text("utf-8")}</script>' for path in _SCRIPTS)
        at_the_end = f"<style>{style}</style>{''.join(scripts)}"
        self._ours = {b"</head>": _BASE.encode(), b"</body>": at_the_end.encode()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        start: Message | None = None  # of a page of HTML, held back until its length is known
        body = b""

        async def send_ours(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                if "text/html" in Headers(raw=message["headers"]).get("content-type", ""):
                    start = message
                    return
            elif start:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = self._with_ours(body)
                headers = MutableHeaders(raw=start["headers"])
                headers["content-length"] = str(len(body))
                for name in self._OF_THE_FILE:
                    del headers[name]
                await send(start)
                message = message | {"body": body}
            await send(message)

        headers = [(name, value) for name, value in scope["headers"] if name not in self._NOT_ASKED]
        await self._app(scope | {"headers": headers}, receive, send_ours)

    def _with_ours(self, page: bytes) -> bytes:
        for end, ours in self._ours.items():
            page = page.replace(end, ours + end, 1)
        return page


@asynccontextmanager
async def start(_: App) -> AsyncIterator[None]:
    """Open the explorer in a browser once the server has started, as Streamlit does for plain scripts.

    Until the browser has loaded the page, the pages' modules are imported, which takes about as long.
    """
    if not config.get_option("server.headless"):
        host = server_util.get_display_address(config.get_option("server.address") or "localhost")
        asyncio.get_running_loop().call_soon(cli_util.open_browser, server_util.get_url(host))
    Thread(target=import_module, args=("imsearch_core.ui",), name="pages", daemon=True).start()
    yield
