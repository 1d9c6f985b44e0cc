"""An HTTP server on loopback that receives the messages of all subscribers on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from local.loopback import send
from local.loopback_server import LoopbackHandler, LoopbackServer


@dataclass(frozen=True)
class Message:
    """One delivery. protocol: email, http or https. to: an email address, or a name in the URL."""

    protocol: str
    to: str
    subject: str
    text: str
    attributes: dict[str, str] = field(default_factory=dict)


class Outbox:
    """A context manager. Subscribe {endpoint_url}/PROTOCOL/NAME to a topic."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()  # re-entrant: `enough` may read `messages`
        self._messages: list[Message] = []
        self._received: set[tuple[str, str]] = set()
        self._server = LoopbackServer(_handler_for(self))

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return self._server.endpoint_url

    @property
    def messages(self) -> list[Message]:
        """The messages since the last clear, in the order of their arrival."""
        with self._arrived:
            return list(self._messages)

    def clear(self) -> None:
        """Forget all messages."""
        with self._arrived:
            self._messages.clear()

    def wait_for(self, enough: Callable[[list[Message]], bool], seconds: float) -> list[Message]:
        """The messages, as soon as `enough` is true. Raises TimeoutError, which lists them."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while not enough(self._messages):
                if not self._arrived.wait(deadline - time.monotonic()):
                    seen = [
                        (message.protocol, message.to, message.subject)
                        for message in self._messages
                    ]
                    raise TimeoutError(f"not all messages in {seconds:g} s; arrived: {seen}")
            return list(self._messages)

    def receive(self, path: str, body: bytes) -> None:
        """Handle one POST of SNS: confirm a subscription, keep a notification."""
        envelope = json.loads(body)
        if envelope["Type"] == "SubscriptionConfirmation":
            send(envelope["SubscribeURL"])
            return
        protocol, _, to = path.strip("/").partition("/")
        attributes = {
            name: attribute["Value"]
            for name, attribute in envelope.get("MessageAttributes", {}).items()
        }
        message = Message(
            protocol, unquote(to), envelope.get("Subject") or "", envelope["Message"], attributes
        )
        delivery = (path, envelope["MessageId"])
        with self._arrived:
            if delivery not in self._received:  # SNS repeats a delivery whose response is lost
                self._received.add(delivery)
                self._messages.append(message)
            self._arrived.notify_all()

    def __enter__(self) -> Outbox:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()


def _handler_for(outbox: Outbox) -> type[LoopbackHandler]:
    class Handler(LoopbackHandler):
        def respond(self, body: bytes) -> None:
            outbox.receive(self.path, body)
            self.send_reply(200)

    return Handler
