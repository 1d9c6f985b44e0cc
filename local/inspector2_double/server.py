"""An HTTP server on 127.0.0.1 that passes each request to a function."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from typing import Any

from .faults import Dropped
from .reply import Reply

_POLL_SECONDS = 0.02


class Server:
    """Sends `answer(path, body)`, from its own thread, until it is closed."""

    def __init__(self, port: int, answer: Callable[[str, bytes], Reply]) -> None:
        self._http = _HttpServer(("127.0.0.1", port), answer)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = Thread(target=self._http.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and release the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Callable[[str, bytes], Reply]) -> None:
        self.answer = answer
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own looks up the host's name, which can take seconds without a name server.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that disconnects, such as after a timeout, is not an error of the double.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer
    timeout = 30

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            reply = self.server.answer(self.path, raw)
        except Dropped as dropped:
            self._drop(reset=dropped.reset)
            return
        self._send(reply)

    def do_GET(self) -> None:
        # Other operations of Inspector2 get an API error that names them, not an HTML page.
        self._send(self.server.answer(f"{self.command} {self.path}", b""))

    def do_PUT(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def _drop(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # Closed with a linger of 0 seconds, a socket sends RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def _send(self, reply: Reply) -> None:
        content = reply.encode()
        self.send_response(reply.status)
        for name, value in reply.headers().items():
            self.send_header(name, value)
        length = len(content) if reply.length is None else reply.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection |= length != len(content)
