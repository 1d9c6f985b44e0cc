"""Local servers can be reached from this machine only, and end with their parent process."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from tests.harness import StackHarness

PROC = Path("/proc")
LISTENING = "0A"  # the state in /proc/net/tcp
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


def list_listening_addresses() -> Iterator[str]:
    """The addresses on which this process and its descendants listen, as in /proc/net/tcp."""
    inodes = set(_list_socket_inodes(os.getpid()))
    for table in ("tcp", "tcp6"):
        for line in (PROC / "net" / table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == LISTENING and columns[9] in inodes:
                yield columns[1].partition(":")[0]


def _list_socket_inodes(process: int) -> Iterator[str]:
    for descriptor in (PROC / str(process) / "fd").iterdir():
        if descriptor.is_symlink() and (target := str(descriptor.readlink())).startswith(
            "socket:["
        ):
            yield target[8:-1]
    for thread in (PROC / str(process) / "task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _list_socket_inodes(int(child))


@pytest.mark.skipif(not PROC.exists(), reason="reads /proc, which only Linux has")
def test_every_server_listens_on_loopback_alone(harness: StackHarness) -> None:
    harness.run({"repository": "sample-app", "imageTag": "latest"})
    addresses = list(list_listening_addresses())
    assert len(addresses) >= 3  # the emulator, the double, the outbox
    assert set(addresses) <= LOOPBACK


def test_two_emulators_run_at_the_same_time_and_leave_nothing() -> None:
    first = Emulator(account="111122223333", region="eu-central-1")
    second = Emulator(account="111122223333", region="eu-central-1")
    with first, second:
        ports = [int(emulator.endpoint_url.rpartition(":")[2]) for emulator in (first, second)]
        assert len(set(ports)) == 2
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
