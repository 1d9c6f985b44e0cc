"""Edge: starts the emulator as a process, gives its clients, and ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from local.emulator_server import EVENTS_PATH

T = TypeVar("T")

_READY_SECONDS = 60


class EmulatorError(Exception):
    """The emulator did not start; the text holds the last of what it wrote."""


class Emulator:
    """MiniStack for one account and region, on a loopback port of the system's choice. A context manager.

    wait_scale shortens the state machine's waits and retry pauses; 1 leaves them as they are.
    """

    def __init__(self, *, account: str, region: str, outbox: str = "", wait_scale: float = 1) -> None:
        self.account = account
        self.region = region
        self._variables = {
            "MINISTACK_ACCOUNT_ID": account,
            "MINISTACK_REGION": region,
            "MINISTACK_HOST": "127.0.0.1",
            "BIND_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",  # MiniStack would open further ports
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "INFO",
            "SFN_WAIT_SCALE": str(wait_scale),
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
        """What AWS's tools need to talk to the emulator and to nothing else; no credentials of the owner's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
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
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id=self.account,
            aws_secret_access_key="emulator",  # noqa: S106 - not a secret
            config=Config(retries={"total_max_attempts": 1}),
        )

    def emit(self, event: dict[str, Any]) -> None:
        """Put an AWS service's own event on the default bus."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.endpoint_url + EVENTS_PATH, data=json.dumps(event).encode(), method="POST"
        )
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310

    def __enter__(self) -> Emulator:
        variables = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | self._variables
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.emulator_server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=variables | {"TMPDIR": self._folder.name},
            )
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        self._port = int(self._process.stdout.readline() or self._fail("it ended at once"))
        poll(self._is_ready, _READY_SECONDS, lambda: self._fail(f"not ready in {_READY_SECONDS} s"))
        return self

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(self.endpoint_url + "/_ministack/health", timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, OSError):
            return False
        return True

    def _fail(self, what: str) -> str:
        raise EmulatorError(f"emulator: {what}\n{self.read_log()}")

    def read_log(self, characters: int = 4000) -> str:
        """The last of what the emulator wrote."""
        return self._log.read_text(errors="replace")[-characters:]

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:  # closes its pipes
            self._process.terminate()
            self._process.wait(timeout=_READY_SECONDS)
        self._folder.cleanup()


def poll(attempt: Callable[[], T], seconds: float, fail: Callable[[], Any], pause: float = 0.05) -> T:
    """The first true result of `attempt`; when none came in `seconds`, what `fail` raises."""
    deadline = time.monotonic() + seconds
    while not (result := attempt()):
        if time.monotonic() > deadline:
            fail()
        time.sleep(pause)
    return result
