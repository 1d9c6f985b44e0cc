"""Faults of a page or of its token: the call succeeds, or nearly so, with a wrong response."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import invalid
from .faults import Call, Dropped, Fault
from .reply import Reply

_HTML = b"<!DOCTYPE html><html><body><h1>Service temporarily unavailable</h1></body></html>"


def _change_rows(change: Callable[[list[Any]], object]) -> Callable[[bytes], bytes]:
    """Replaces the page's rows."""

    def spoil(content: bytes) -> bytes:
        page = json.loads(content)
        return json.dumps(
            {
                name: change(value) if isinstance(value, list) else value
                for name, value in page.items()
            }
        ).encode()

    return spoil


def _drop_rows(content: bytes) -> bytes:
    page = json.loads(content)
    return json.dumps(
        {name: value for name, value in page.items() if not isinstance(value, list)}
    ).encode()


# Each is sent with status 200 and its true length.
_SPOILED: Mapping[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "html": lambda _: _HTML,
    "half JSON": lambda _: b'{"findings": [',
    "null": lambda _: b"null",
    "list": lambda _: b"[]",
    "text": lambda _: b'"OK"',
    "not UTF-8": lambda _: b"\xff\xfe{}",
    "without rows": _drop_rows,
    "rows null": _change_rows(lambda _: None),
    "rows text": _change_rows(lambda _: "none"),
    "rows object": _change_rows(lambda rows: {"rows": rows}),
    "row null": _change_rows(lambda rows: [*rows, None]),
    "row text": _change_rows(lambda rows: [*rows, "text"]),
}
SPOILED = tuple(_SPOILED)


@dataclass(frozen=True, kw_only=True)
class Spoiled(Fault):
    """A response with status 200 whose body is no page. how: one of SPOILED."""

    how: str

    def __post_init__(self) -> None:
        """Raises ValueError for an unknown `how`."""
        super().__post_init__()
        if self.how not in _SPOILED:
            raise ValueError(f"how is one of {', '.join(SPOILED)}, given {self.how!r}")

    def alter(self, reply: Reply, call: Call) -> Reply:  # noqa: ARG002 - see Fault.alter
        """The spoiled response; an error is sent as it is."""
        if reply.status != 200:
            return reply
        return replace(reply, content=_SPOILED[self.how](reply.encode()))


@dataclass(frozen=True, kw_only=True)
class Truncated(Fault):
    """The connection ends in the middle of the body, of which Content-Length tells the whole."""

    def alter(self, reply: Reply, call: Call) -> Reply:  # noqa: ARG002 - see Fault.alter
        """Half of the response."""
        content = reply.encode()
        return replace(reply, content=content[: len(content) // 2], length=len(content))


@dataclass(frozen=True, kw_only=True)
class Reset(Fault):
    """The connection is reset in place of a response."""

    def _ending(self) -> Exception:
        return Dropped(reset=True)


@dataclass(frozen=True, kw_only=True)
class RepeatedToken(Fault):
    """The response has the request's own token as its nextToken. A first page stays as it is."""

    def alter(self, reply: Reply, call: Call) -> Reply:
        """The page with the old token."""
        token = call.request.get("nextToken")
        if reply.status != 200 or not token:
            return reply
        return replace(reply, body={**reply.body, "nextToken": token})


@dataclass(frozen=True, kw_only=True)
class ExpiredToken(Fault):
    """ValidationException about nextToken, for a request that has one."""

    def matches(self, call: Call) -> bool:
        """Whether the call is planned and has a token."""
        return super().matches(call) and bool(call.request.get("nextToken"))

    def _ending(self) -> Exception:
        return invalid("nextToken", "has expired")


@dataclass(frozen=True, kw_only=True)
class InvalidFilter(Fault):
    """ValidationException about filterCriteria."""

    def _ending(self) -> Exception:
        return invalid("filterCriteria", "is not accepted")
