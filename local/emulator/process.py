"""Edge: starts the emulator as a process, gives its clients, and ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from local.emulator.server import EVENTS_PATH
from local.loopback import connect, send, strip_environment

T = TypeVar("T")

_READY_SECONDS = 60


class EmulatorError(RuntimeError):
    """The emulator did not start; the text holds the last of what it wrote."""


class Emulator:
    """MiniStack for one account and region, on a loopback port of the system's choice. A context
    manager.

    wait_scale shortens the state machine's waits and retry pauses; 1 leaves them as they are.
    mocks: a file in Step Functions Local's mock format, for executions of STATE_MACHINE_ARN#CASE.
    """

    def __init__(
        self,
        *,
        account: str,
        region: str,
        outbox: str = "",
        wait_scale: float = 1,
        mocks: Path | None = None,
    ) -> None:
        self.account = account
        self.region = region
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
            "SCAN_BRIEF_OUTBOX": outbox,
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
        """What AWS's tools need to talk to the emulator and to nothing else; no credentials of the
        owner's.
        """
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
        """A boto3 client of the emulator's."""
        return connect(
            service, endpoint_url=self.endpoint_url, region=self.region, account=self.account
        )

    def emit(self, event: dict[str, Any]) -> None:
        """Put an AWS service's own event on the default bus."""
        send(self.endpoint_url + EVENTS_PATH, json.dumps(event).encode())

    def __enter__(self) -> Emulator:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.emulator.server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=strip_environment() | self._variables | self._private_folder(),
            )
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        self._port = int(self._process.stdout.readline() or self._fail("it ended at once"))
        poll(self._is_ready, _READY_SECONDS, lambda: self._fail(f"not ready in {_READY_SECONDS} s"))
        return self

    def _private_folder(self) -> dict[str, str]:
        """MiniStack would tidy up containers in a Docker engine that is not its own: it gets to see
        none.
        """
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
        self.__exit__(None, None, None)
        raise EmulatorError(f"emulator: {what}\n{log}")

    def read_log(self, characters: int = 4000) -> str:
        """The last of what the emulator wrote."""
        return self._log.read_text(errors="replace")[-characters:]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:  # closes its pipes
            self._process.terminate()
            self._process.wait(timeout=_READY_SECONDS)
        self._folder.cleanup()


def poll(
    attempt: Callable[[], T], seconds: float, fail: Callable[[], Any], pause: float = 0.05
) -> T:
    """The first true result of `attempt`; when none came in `seconds`, what `fail` raises."""
    deadline = time.monotonic() + seconds
    while not (result := attempt()):
        if time.monotonic() > deadline:
            fail()
        time.sleep(pause)
    return result
