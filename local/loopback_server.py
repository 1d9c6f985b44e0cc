"""An HTTP server on 127.0.0.1 that bears a burst of connections."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import BoundedSemaphore, Thread
from typing import Any

_POLL_SECONDS = 0.02
_THREADS = 64


class LoopbackServer(ThreadingHTTPServer):
    """Serves with a handler class from its own threads. A context manager, or start and close.

    At most 64 requests are handled at once. Further connections wait in the system's queue, whose
    default length of 5 would drop most of a burst. port: 0 lets the system choose.
    """

    daemon_threads = True
    request_queue_size = 4096  # Linux reduces it to net.core.somaxconn

    def __init__(self, handler: type[BaseHTTPRequestHandler], *, port: int = 0) -> None:
        self._free = BoundedSemaphore(_THREADS)
        self._thread = Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        super().__init__(("127.0.0.1", port), handler)

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Serve until `close`."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and release the port."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def __enter__(self) -> LoopbackServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def server_bind(self) -> None:
        """Without the host's name: its lookup can take seconds without a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection in its own thread, as soon as one is free."""
        self._free.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handle a connection, and let the next one begin."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report an error, unless the client disconnected, such as after a timeout."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class LoopbackHandler(BaseHTTPRequestHandler):
    """Calls `respond` with the body of each request. Writes no log."""

    timeout = 30

    def respond(self, body: bytes) -> None:
        """Send a reply, or none, with which the connection ends."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Respond to a request of any method."""
        self.respond(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 - named by the base class

    def send_reply(
        self,
        status: int,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        """Send a response. length: sent as Content-Length in place of the body's, for a cut body;
        the connection then ends.
        """
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection |= length is not None

    def log_message(self, *_: object) -> None:
        """Write no log."""
