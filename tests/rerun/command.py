"""The command as a test gives it, and what a test knows of what it started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.harness import StackHarness

IMAGE = ("--repository", "sample-app", "--tag", "latest")


@dataclass
class Ended:
    """The exit status and what was printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


def link(arn: str) -> str:
    """To an execution in the console."""
    home = "https://ap-northeast-1.console.aws.amazon.com/states/home?region=ap-northeast-1"
    return f"{home}#/v2/executions/details/{arn}"


def find_new(harness: StackHarness, before: list[str]) -> list[str]:
    """ARNs of the executions since."""
    return [execution for execution in harness.list_executions() if execution not in before]
