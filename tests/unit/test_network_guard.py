"""The guard of conftest.py itself: without it, all the others could reach out unseen."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest


@pytest.mark.parametrize("connect", ["connect", "connect_ex"])
def test_no_unit_test_reaches_another_machine(connect: str) -> None:
    with (
        closing(socket.socket()) as out,
        pytest.raises(pytest.fail.Exception, match="tried to reach"),
    ):
        getattr(out, connect)(("192.0.2.1", 80))
