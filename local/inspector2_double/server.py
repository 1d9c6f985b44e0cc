"""An HTTP server on 127.0.0.1 that passes each request to a function."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from local.loopback_server import LoopbackHandler, LoopbackServer

from .faults import Dropped
from .reply import Reply


class Server(LoopbackServer):
    """Sends `answer(path, body)`."""

    def __init__(self, port: int, answer: Callable[[str, bytes], Reply]) -> None:
        self.answer = answer
        super().__init__(_Handler, port=port)


class _Handler(LoopbackHandler):
    server: Server

    def respond(self, body: bytes) -> None:
        # Other operations of Inspector2 get an API error that names them, not an HTML page.
        path = self.path if self.command == "POST" else f"{self.command} {self.path}"
        try:
            reply = self.server.answer(path, body)
        except Dropped as dropped:
            self._drop(reset=dropped.reset)
        else:
            self.send_reply(reply.status, reply.encode(), reply.headers(), length=reply.length)

    def _drop(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # Closed with a linger of 0 seconds, a socket sends RST instead of FIN.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
