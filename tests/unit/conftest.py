"""Shared by all unit tests: only the loopback network, repeatable properties, and a double."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, settings

from local.inspector2_double import Inspector2Double
from scan_brief.aws import inspector

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
# HYPOTHESIS_PROFILE=search tries more examples, and other ones every time.
settings.register_profile(
    "search", settings.get_profile("repeatable"), derandomize=False, max_examples=1000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _guard(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOOPBACK:
            pytest.fail(f"a unit test tried to reach {address}")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine fails, even if the code handles the error."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guard(getattr(socket.socket, name)))


@pytest.fixture
def double() -> Iterator[Inspector2Double]:
    with Inspector2Double() as running:
        yield running


@pytest.fixture
def aws_environment(double: Inspector2Double, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a function whose Inspector is the double, without this machine's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_INSPECTOR2", double.endpoint_url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def connect(aws_environment: None) -> Iterator[Callable[..., Any]]:
    """inspector.connect; its clients are closed when the test ends."""
    clients: list[Any] = []

    def connect_to_double(**given: Any) -> Any:
        clients.append(inspector.connect(**given))
        return clients[-1]

    yield connect_to_double
    for client in clients:
        client.close()
