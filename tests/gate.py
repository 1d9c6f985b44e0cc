"""What stands between a client and the emulator: refusals that the emulator does not know, and lost answers.

The emulator holds nobody to a policy and never throttles, so these answers are written here, as AWS writes them.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_QUERY_ERROR = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"


@dataclass
class Trouble:
    """What befalls the first `times` calls of an operation: an error of this code and status, or a lost answer.

    code "" loses the answer after the emulator has done what it was asked for. spare: calls before the first one.
    """

    code: str = ""
    text: str = ""
    status: int = 400
    times: int = 1000
    spare: int = 0

    def strikes(self) -> bool:
        """Whether this call is meant; counts it."""
        self.spare -= 1
        self.times -= self.spare < 0
        return self.spare < 0 <= self.times


@dataclass
class Gate:
    """A context manager; `troubles` by operation, `calls` the operations that came, in order."""

    target: str
    troubles: dict[str, Trouble] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Gate:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """Status and body; None: no answer."""
        target = headers.get("X-Amz-Target", "").partition(".")[2]
        operation = target or parse_qs(body.decode()).get("Action", [""])[0]
        self.calls.append(operation)
        trouble = self.troubles.get(operation)
        if trouble is None or not trouble.strikes():
            return self._forward(path, headers, body)
        if not trouble.code:
            self._forward(path, headers, body)
            return None
        error = {"__type": trouble.code, "message": trouble.text}
        written = json.dumps(error) if target else _QUERY_ERROR.format(trouble.code, trouble.text)
        return trouble.status, written.encode()

    def _forward(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        request = urllib.request.Request(self.target + path, data=body, headers=headers)  # noqa: S310 - loopback
        try:
            with _DIRECT.open(request, timeout=30) as answered:
                return answered.status, answered.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()


def _handler_for(gate: Gate) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = gate.answer(self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's word
            pass

    return Handler
