"""A web server of the tests' own, on this machine, that can misbehave."""

import http.server
import threading
import time
import zlib


class Site:
    """A local web server; `faults` holds per path what it does instead of serving, one entry a request."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[str]] = {}
        self.hashes: dict[str, str] = {}
        """The SHA-256 that a large file is said to have."""
        self.requests: list[str] = []
        self.described: list[str] = []
        self.ranges: list[str | None] = []
        self.gone_after: int | None = None
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.serve(self)

            def do_HEAD(self) -> None:
                site.describe(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def serve(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        self.requests.append(handler.path)
        self.ranges.append(handler.headers.get("Range"))
        if self.gone_after is not None and len(self.requests) > self.gone_after:
            handler.connection.close()
            return
        fault = self.faults[handler.path].pop(0) if self.faults.get(handler.path) else "none"
        content = self.files.get(handler.path)
        if content is None or fault == "404":
            handler.send_error(404)
            return
        if fault == "500":
            handler.send_error(500)
            return
        if fault == "html":
            content = b"<!DOCTYPE html><title>Sign in</title>"
        if fault == "cut picture":
            content = content[: len(content) // 2]
        tag = f'"{zlib.crc32(content)}"'
        start, size = self._start(handler, tag), len(content)
        if start >= size > 0:
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{size}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
            content = content[start:]
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if fault == "truncated":
            handler.wfile.write(content[: len(content) // 2])
            handler.connection.close()
        elif fault == "silent":
            time.sleep(1)
        elif fault == "trickle":
            for i in range(40):
                handler.wfile.write(content[i * 8 : i * 8 + 8])
                time.sleep(0.1)
        else:
            handler.wfile.write(content)

    def describe(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Answer as the Hugging Face hub does: a large file's tag is its SHA-256."""
        self.described.append(handler.path)
        content = self.files.get(handler.path)
        if content is None:
            handler.send_error(404)
            return
        handler.send_response(200)
        handler.send_header("X-Linked-ETag", f'"{self.hashes.get(handler.path, "none")}"')
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()

    def _start(self, handler: http.server.BaseHTTPRequestHandler, tag: str) -> int:
        """The first byte asked for, of the file as it is now."""
        asked = handler.headers.get("Range")
        if asked is None or handler.headers.get("If-Range") != tag:
            return 0
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
