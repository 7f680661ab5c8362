"""The server behind the pages: who may connect to it, what it answers itself, and what it does at its start.

Apart from `ui`, because it is imported before there is a server, and the pages only after.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import App, cli_util, config
from streamlit.web.server import server_util


class SameOriginOnly:
    """Refuses a websocket that a page of another site asks for.

    Streamlit refuses it too, but first compares the site's name with the addresses of this machine, for which
    it asks a service on the internet. Meanwhile every visitor waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and _is_foreign(dict(scope["headers"])):
            await send({"type": "websocket.close"})  # not accepted yet, so the browser gets a 403
        else:
            await self._app(scope, receive, send)


def _is_foreign(headers: dict[bytes, bytes]) -> bool:
    """Whether a request comes from a page of another host than the one it is sent to."""
    origin = headers.get(b"origin")
    try:
        return origin is not None and urlsplit(origin).netloc != headers.get(b"host")
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


@asynccontextmanager
async def open_browser(_: App) -> AsyncIterator[None]:
    """Open the explorer in a browser once the server has started, as Streamlit does for plain scripts."""
    if not config.get_option("server.headless"):
        host = server_util.get_display_address(config.get_option("server.address") or "localhost")
        asyncio.get_running_loop().call_soon(cli_util.open_browser, server_util.get_url(host))
    yield
