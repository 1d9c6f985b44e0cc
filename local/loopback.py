"""Connections within this machine, without the proxies, profiles and credentials of its user."""

from __future__ import annotations

import os
import urllib.request
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_NO_FILE = (None, None, os.devnull, None)
_SESSION_VARIABLES = {
    "profile": (None, None, None, None),
    "config_file": _NO_FILE,
    "credentials_file": _NO_FILE,
}


def strip_environment() -> dict[str, str]:
    """The environment without proxies and without the AWS variables of the user."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }


def connect(service: str, *, endpoint_url: str, region: str, account: str) -> Any:
    """A boto3 client of a server on this machine, without retries.

    account: sent as the access key, from which MiniStack takes the account.
    """
    session = boto3.Session(
        botocore_session=botocore.session.Session(session_vars=_SESSION_VARIABLES)
    )
    return session.client(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="local",  # noqa: S106 - not a secret
        config=Config(
            retries={"total_max_attempts": 1},
            proxies={},
            inject_host_prefix=False,  # TestState would be sent to sync-127.0.0.1
        ),
    )


def send(url: str, body: bytes | None = None, timeout_seconds: float = 30) -> None:
    """GET, or POST of a body. Raises OSError without a response or for an error response."""
    request = urllib.request.Request(url, data=body)  # noqa: S310 - loopback
    _DIRECT.open(request, timeout=timeout_seconds).close()
