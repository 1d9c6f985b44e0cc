"""Edge: where messages arrive on this machine, an HTTP server on loopback that any number of
subscribers share.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import unquote

from local.loopback import send


@dataclass(frozen=True)
class Message:
    """One delivery: `protocol` (email, http, https), `to` (an address), subject, text and message
    attributes.
    """

    protocol: str
    to: str
    subject: str
    text: str
    attributes: dict[str, str] = field(default_factory=dict)


class Outbox:
    """A context manager. Subscribe {endpoint_url}/https/NAME; e-mail arrives by itself."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()  # re-entrant: what waits may look at `messages`
        self._messages: list[Message] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def messages(self) -> list[Message]:
        """All that arrived since the last clear, in order."""
        with self._arrived:
            return list(self._messages)

    def clear(self) -> None:
        """Forget what arrived."""
        with self._arrived:
            self._messages.clear()

    def wait_for(self, enough: Callable[[list[Message]], bool], seconds: float) -> list[Message]:
        """What arrived, as soon as it is enough; raises TimeoutError that says what did arrive."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while not enough(self._messages):
                if not self._arrived.wait(deadline - time.monotonic()):
                    seen = [(one.protocol, one.to, one.subject) for one in self._messages]
                    raise TimeoutError(f"not all messages in {seconds:g} s; arrived: {seen}")
            return list(self._messages)

    def receive(self, path: str, body: bytes) -> None:
        """One POST of SNS: a confirmation is answered, a notification kept."""
        envelope = json.loads(body)
        if envelope["Type"] == "SubscriptionConfirmation":
            send(envelope["SubscribeURL"])
            return
        protocol, _, to = path.strip("/").partition("/")
        attributes = {
            name: given["Value"] for name, given in envelope.get("MessageAttributes", {}).items()
        }
        message = Message(
            protocol, unquote(to), envelope.get("Subject") or "", envelope["Message"], attributes
        )
        with self._arrived:
            self._messages.append(message)
            self._arrived.notify_all()

    def __enter__(self) -> Outbox:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler_for(outbox: Outbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            outbox.receive(self.path, body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Quiet: what arrives is in `messages`."""

    return Handler
