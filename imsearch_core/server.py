"""The server behind the pages: who may connect to it, and what it does when it starts.

Apart from `ui`, because it is imported before there is a server, and the pages only after.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

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


@asynccontextmanager
async def open_browser(_: App) -> AsyncIterator[None]:
    """Open the explorer in a browser once the server has started, as Streamlit does for plain scripts."""
    if not config.get_option("server.headless"):
        host = server_util.get_display_address(config.get_option("server.address") or "localhost")
        asyncio.get_running_loop().call_soon(cli_util.open_browser, server_util.get_url(host))
    yield
