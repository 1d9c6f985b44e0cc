"""A server before the emulator's that answers some operations itself and passes the others on.

For what MiniStack cannot do: it has no GetRegistryScanningConfiguration, GetRegistryPolicy and GetAccountSetting, it
holds nobody's permissions to their word, and it confirms every mail's subscription by itself.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

_QUERY_ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"


@dataclass(frozen=True)
class Answer:
    """What an operation is answered with: JSON's object for one of the JSON protocol, XML for one of the query's."""

    body: Mapping[str, Any] | str
    status: int = 200


def error(code: str, message: str = "said the gate", *, status: int = 400, query: bool = False) -> Answer:
    """An error in the operation's protocol."""
    if query:
        return Answer(_QUERY_ERROR.format(code, message), status)
    return Answer({"__type": code, "message": message}, status)


@dataclass
class Gate:
    """A context manager. `answers` are by the operation's name; `asked` are the names of all that came."""

    behind: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, bytes]:
        """Status, content type and body."""
        operation = _name_operation(headers, body)
        self.asked.append(operation)
        given = self.answers.get(operation)
        if given is None:
            return self._pass_on(path, headers, body)
        if isinstance(given.body, str):
            return given.status, "text/xml", given.body.encode()
        return given.status, "application/x-amz-json-1.1", json.dumps(given.body).encode()

    def _pass_on(self, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=30)
        try:
            connection.request("POST", path, body, dict(headers))
            reply = connection.getresponse()
            return reply.status, reply.headers.get("Content-Type", ""), reply.read()
        finally:
            connection.close()

    def __enter__(self) -> Gate:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def _name_operation(headers: Mapping[str, str], body: bytes) -> str:
    target = headers.get("X-Amz-Target", "")
    return target.rpartition(".")[2] if target else parse_qs(body.decode()).get("Action", [""])[0]


def _handler_for(gate: Gate) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, answer = gate.answer(self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Quiet: what came is in `asked`."""

    return Handler
