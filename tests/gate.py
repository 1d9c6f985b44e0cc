"""A proxy in front of the emulator that can send errors of AWS and drop responses.

MiniStack cannot do this: it enforces no policy, never throttles, loses no response, confirms each
email subscription, and lacks GetRegistryPolicy and GetAccountSetting.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.emulator.process import Emulator
from local.loopback_server import LoopbackHandler, LoopbackServer

_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error>"
    "</ErrorResponse>"
)


_READS = {"/account-settings": "GetAccountSettings", "/concurrency": "GetFunctionConcurrency"}


@dataclass(frozen=True)
class Reply:
    """An HTTP response."""

    status: int
    kind: str
    body: bytes


@dataclass(kw_only=True)
class Turn:
    """What happens to `times` calls of an operation, after `spare` calls that are passed on.

    only: a text that the call's body contains; calls without it are passed on.
    """

    times: int = 1000
    spare: int = 0
    only: str = ""

    def applies(self) -> bool:
        """Count a call; whether the turn applies to it."""
        self.spare -= 1
        self.times -= self.spare < 0
        return self.spare < 0 <= self.times

    def write(self, *, query: bool) -> Reply | None:
        """The response in the query or JSON protocol; None for a lost response."""
        raise NotImplementedError


@dataclass
class Answer(Turn):
    """A response: an object in the JSON protocol, XML in the query protocol."""

    body: Mapping[str, Any] | str

    def write(self, *, query: bool) -> Reply:
        assert isinstance(self.body, str) == query
        return _write(200, self.body)


@dataclass
class Error(Turn):
    """An error with this code."""

    code: str
    text: str = "from the gate"
    status: int = 400

    def write(self, *, query: bool) -> Reply:
        if query:
            return _write(self.status, _QUERY_ERROR.format(self.code, self.text))
        return _write(self.status, {"__type": self.code, "message": self.text})


@dataclass
class LostAnswer(Turn):
    """The emulator executes the call, and its response is lost."""

    def write(self, *, query: bool) -> None:  # noqa: ARG002 - in no protocol
        return None


def _find_read(path: str) -> str:
    """The operation of a REST service that reads, by the end of its path; "" for others."""
    return next((name for end, name in _READS.items() if path.rstrip("/").endswith(end)), "")


def _write(status: int, body: Mapping[str, Any] | str) -> Reply:
    if isinstance(body, str):
        return Reply(status, "text/xml", body.encode())
    return Reply(status, "application/x-amz-json-1.1", json.dumps(body).encode())


@dataclass
class Gate:
    """The proxy, a context manager. turns: by operation. calls: the operations called, in order."""

    behind: str
    turns: dict[str, Turn] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return self._server.endpoint_url

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """The response; None for a lost one."""
        target = headers.get("X-Amz-Target", "").rpartition(".")[2] or _find_read(path)
        operation = target or parse_qs(body.decode()).get("Action", [""])[0]
        self.calls.append(operation)
        turn = self.turns.get(operation)
        if turn is None or turn.only not in body.decode() or not turn.applies():
            return self._pass_on(path, headers, body)
        if isinstance(turn, LostAnswer):
            self._pass_on(path, headers, body)
        return turn.write(query=not target)

    def _pass_on(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        connection = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=30)
        method = "GET" if _find_read(path) else "POST"
        try:
            connection.request(method, path, body, dict(headers))
            answered = connection.getresponse()
            return Reply(answered.status, answered.headers.get("Content-Type", ""), answered.read())
        finally:
            connection.close()

    def __enter__(self) -> Gate:
        self._server = LoopbackServer(_handler_for(self))
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()


@contextmanager
def serve_gate(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate that the commands of this process use for all AWS services."""
    with Gate(emulator.endpoint_url) as gate:
        for name in [
            name
            for name in os.environ
            if name.startswith("AWS_") or name.lower().endswith("_proxy")
        ]:
            monkeypatch.delenv(name)
        for name, value in emulator.environment.items():
            if name.startswith("AWS_"):
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", gate.endpoint_url)
        yield gate


def _handler_for(gate: Gate) -> type[LoopbackHandler]:
    class Handler(LoopbackHandler):
        def respond(self, body: bytes) -> None:
            reply = gate.answer(self.path, dict(self.headers), body)
            if reply is not None:
                self.send_reply(reply.status, reply.body, {"Content-Type": reply.kind})

    return Handler
