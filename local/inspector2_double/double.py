"""The double: the data it serves, the calls it received and the faults it plans. Thread-safe."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from threading import Event, Lock
from typing import Any, NamedTuple

from .documents import Document
from .errors import WireError, invalid, unknown_operation
from .faults import Call
from .operations import OPERATIONS, Query
from .paging import is_first_page
from .plan import FaultPlan
from .reply import Reply
from .server import Server
from .store import Store


class RecordedCall(NamedTuple):
    """A received request: the operation's name and the JSON body."""

    operation: str
    body: dict[str, Any]


class Inspector2Double:
    """Inspector2 on 127.0.0.1, at wire level; a context manager.

    `findings`, `coverage` (None: derived from the findings), `details`, `statuses`, `clusters` and
    `plan` can
    be replaced while it runs. A new plan clears `calls` and counts from 1.
    """

    def __init__(
        self,
        findings: Iterable[Document] = (),
        coverage: Iterable[Document] | None = None,
        details: Iterable[Document] = (),
        plan: FaultPlan | None = None,
        *,
        port: int = 0,
    ) -> None:
        self._store = Store(findings, coverage, details)
        self._plan = plan or FaultPlan()
        self._calls: list[RecordedCall] = []
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        self._closing = Event()
        self._port = port
        self._server: Server | None = None

    def __enter__(self) -> Inspector2Double:
        """Start the server."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.close()

    def start(self) -> None:
        """Start the server. Raises OSError if the port is in use, RuntimeError after `close`."""
        if self._closing.is_set():
            raise RuntimeError("a closed double does not serve again; make another")
        if self._server is None:
            self._server = Server(self._port, self.answer)
            self._server.start()

    def close(self) -> None:
        """Stop the server and end waiting calls at once. Further calls do nothing."""
        self._closing.set()
        if self._server is not None:
            self._server.close()

    @property
    def endpoint_url(self) -> str:
        """The server's address. Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("the double is not started")
        return self._server.endpoint_url

    @property
    def calls(self) -> list[RecordedCall]:
        """The requests received since the plan was set, in order; a copy."""
        with self._lock:
            return list(self._calls)

    @property
    def plan(self) -> FaultPlan:
        """The planned faults."""
        return self._plan

    @plan.setter
    def plan(self, plan: FaultPlan) -> None:
        with self._lock:
            self._plan = plan
            self._calls.clear()
            self._counts.clear()

    @property
    def findings(self) -> Sequence[Document]:
        """The findings, in wire shape."""
        return self._store.findings

    @findings.setter
    def findings(self, findings: Iterable[Document]) -> None:
        with self._lock:
            self._store = self._store.replace(findings=findings)

    @property
    def coverage(self) -> Sequence[Document]:
        """The CoveredResources: those given, or those derived from the findings."""
        return self._store.coverage

    @coverage.setter
    def coverage(self, coverage: Iterable[Document] | None) -> None:
        with self._lock:
            self._store = self._store.replace(coverage=coverage)

    @property
    def details(self) -> Sequence[Document]:
        """The FindingDetails."""
        return self._store.details

    @details.setter
    def details(self, details: Iterable[Document]) -> None:
        with self._lock:
            self._store = self._store.replace(details=details)

    @property
    def clusters(self) -> Mapping[str, Sequence[Document]]:
        """ClusterInformation by an image's resource id, REPOSITORY_ARN/DIGEST."""
        return self._store.clusters

    @clusters.setter
    def clusters(self, clusters: Mapping[str, Sequence[Document]]) -> None:
        with self._lock:
            self._store = self._store.replace(clusters=clusters)

    @property
    def statuses(self) -> Mapping[str, str]:
        """Inspector's status for ECR by account (ENABLED, DISABLED, …); ENABLED for any other."""
        return self._store.statuses

    @statuses.setter
    def statuses(self, statuses: Mapping[str, str]) -> None:
        with self._lock:
            self._store = self._store.replace(statuses=statuses)

    def answer(self, path: str, raw: bytes) -> Reply:
        """The response to a POST of `raw` to `path`. Raises Dropped if the plan sends none."""
        try:
            return self._perform(path, raw)
        except WireError as error:
            return Reply(error.status, error.body, error.code, error.retry_after)

    def _perform(self, path: str, raw: bytes) -> Reply:
        operation = OPERATIONS.get(path)
        if operation is None:
            raise unknown_operation(path)
        request = _read_body(raw)
        with self._lock:
            call, plan = self._record(operation.name, request), self._plan
        plan.apply(call, self._closing)
        answer = operation.answer(Query(self._store, request, plan.visible(call)))
        return plan.alter(Reply(200, answer), call)

    def _record(self, operation: str, request: dict[str, Any]) -> Call:
        self._calls.append(RecordedCall(operation, request))
        first_pages = f"first pages of {operation}"
        self._counts[operation] += 1
        self._counts[first_pages] += is_first_page(request)
        return Call(operation, self._counts[operation], self._counts[first_pages], request)


def _read_body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise invalid("body", f"is not JSON: {error}", "CANNOT_PARSE") from error
    if not isinstance(body, dict):
        raise invalid("body", "must be a JSON object", "CANNOT_PARSE")
    return body
