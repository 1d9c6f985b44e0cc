"""The server of the outbox, the double and the gate: no connection of a burst is dropped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.emulator.process import poll
from local.loopback_server import LoopbackHandler, LoopbackServer

QUEUE = Path("/proc/sys/net/core/somaxconn")
MOST_WAITING = int(QUEUE.read_text()) if QUEUE.exists() else 128
BURST = min(600, MOST_WAITING)
REQUEST = b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"


class Busy(LoopbackHandler):
    """Responds once `free` is set, and counts how many wait for it."""

    free = threading.Event()
    waiting = 0
    most = 0
    lock = threading.Lock()

    def respond(self, body: bytes) -> None:
        with Busy.lock:
            Busy.waiting += 1
            Busy.most = max(Busy.most, Busy.waiting)
        Busy.free.wait(30)
        with Busy.lock:
            Busy.waiting -= 1
        self.send_reply(200, body)


@contextmanager
def connect(server: LoopbackServer, number: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                socket.create_connection(("127.0.0.1", server.server_port), timeout=10)
            )
            for _ in range(number)
        ]


def read(connection: socket.socket) -> bytes:
    with connection.makefile("rb") as stream:
        return stream.read()


def test_a_burst_waits_in_the_queue_and_is_handled_by_a_bounded_number_of_threads() -> None:
    server = LoopbackServer(Busy)
    with connect(server, BURST) as connections:
        for connection in connections:
            connection.sendall(REQUEST)
        with server:
            poll(lambda: Busy.waiting >= 64, 30, lambda: fail(f"{Busy.waiting} are handled"))
            Busy.free.set()
            replies = [read(connection) for connection in connections]
    assert [reply[-6:] for reply in replies] == [b"\r\n\r\n{}"] * BURST
    assert Busy.most == 64


def test_a_closed_server_releases_its_port() -> None:
    with LoopbackServer(Busy) as server:
        port = server.server_address[1]
    with LoopbackServer(Busy, port=port) as again:
        assert again.endpoint_url == f"http://127.0.0.1:{port}"


def fail(what: str) -> None:
    raise AssertionError(what)
