"""Starts the emulator as a process, creates its clients, and ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from local.emulator.events import deliver_event
from local.loopback import connect, send, strip_environment

T = TypeVar("T")

_PROJECT_ROOT = Path(__file__).resolve().parents[2]  # from which `local` can be imported
_READY_SECONDS = 60


class EmulatorError(RuntimeError):
    """The emulator did not start. The text has the end of its log."""


class Emulator:
    """MiniStack for one account and region, on a loopback port. A context manager.

    outbox: the address of an Outbox, which receives email; without it, no email is delivered.
    wait_scale: a factor for the waits and retry intervals of state machines. mocks: a file in Step
    Functions Local's mock format, for executions of STATE_MACHINE_ARN#CASE. stock: MiniStack
    without what gaps.py adds. planned_faults: the folder of PlannedFaults, for publishes.
    """

    def __init__(
        self,
        *,
        account: str,
        region: str,
        outbox: str = "",
        wait_scale: float = 1,
        mocks: Path | None = None,
        stock: bool = False,
        planned_faults: Path | None = None,
    ) -> None:
        self.account = account
        self.region = region
        self.outbox = outbox
        self._options = ["--stock"] if stock else []
        self._clients: dict[str, Any] = {}
        self._variables = {
            "MINISTACK_ACCOUNT_ID": account,
            "MINISTACK_REGION": region,
            "MINISTACK_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",  # MiniStack would open further ports
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "INFO",
            "SFN_WAIT_SCALE": str(wait_scale),
            "SFN_MOCK_CONFIG": str(mocks or ""),
            "PLANNED_FAULTS": str(planned_faults or ""),
        }
        self._folder = tempfile.TemporaryDirectory(prefix="scan-brief-", ignore_cleanup_errors=True)
        self._log = Path(self._folder.name) / "emulator.log"
        self._port = 0

    @property
    def endpoint_url(self) -> str:
        """http://127.0.0.1:PORT."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which AWS's tools use only the emulator, without your credentials."""
        return strip_environment() | {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,  # MiniStack takes a key of 12 digits as the account
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator, the same one each time."""
        if service not in self._clients:
            self._clients[service] = connect(
                service, endpoint_url=self.endpoint_url, region=self.region, account=self.account
            )
        return self._clients[service]

    def emit(self, event: dict[str, Any]) -> None:
        """Deliver an event of an AWS service, as the default bus does. Raises UnknownTarget."""
        deliver_event(self.client, event)

    def __enter__(self) -> Emulator:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.emulator.server", *self._options],
                cwd=_PROJECT_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=strip_environment() | self._variables | self._private_folder(),
            )
        assert self._process.stdout is not None  # noqa: S101 - stdout is PIPE
        self._port = int(self._process.stdout.readline() or self._fail("it ended at once"))
        poll(self._is_ready, _READY_SECONDS, lambda: self._fail(f"not ready in {_READY_SECONDS} s"))
        return self

    def _private_folder(self) -> dict[str, str]:
        """Its own folder, and no Docker: MiniStack would remove containers that are not its own."""
        return {
            "TMPDIR": self._folder.name,
            "DOCKER_HOST": f"unix://{self._folder.name}/no-docker.sock",
        }

    def _is_ready(self) -> bool:
        try:
            send(self.endpoint_url + "/_ministack/health", timeout_seconds=5)
        except OSError:
            return False
        return True

    def _fail(self, what: str) -> str:
        log = self.read_log()
        self.__exit__()
        raise EmulatorError(f"emulator: {what}\n{log}")

    def read_log(self, characters: int = 4000) -> str:
        """The end of the emulator's log."""
        return self._log.read_text(errors="replace")[-characters:]

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        with self._process:  # closes its pipes
            self._process.terminate()
            self._process.wait(timeout=_READY_SECONDS)
        self._folder.cleanup()


def poll(
    attempt: Callable[[], T], seconds: float, fail: Callable[[], Any], pause: float = 0.05
) -> T:
    """The first true result of `attempt`; after `seconds` without one, `fail` must raise."""
    deadline = time.monotonic() + seconds
    while not (result := attempt()):
        if time.monotonic() > deadline:
            fail()
        time.sleep(pause)
    return result
