"""Runs the workflow's cases on Step Functions Local: `python -m local.step_functions_local`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local import loopback
from local.emulator.process import poll
from local.workflow_cases import (
    MACHINE,
    Case,
    Outcome,
    adapt_definition,
    compare,
    load_cases,
    render_for_cases,
)

_COMPOSE = Path(__file__).resolve().parent.parent / "compose.yaml"
_SERVICE, _PORT = "step-functions-local", "8083"
_READY_SECONDS = 120
_CASES_SECONDS = 300
_NO_DOCKER = (
    "Docker with Compose is needed, or the address of a running Step Functions Local in"
    " SFN_LOCAL_ENDPOINT"
)


class Unavailable(Exception):
    """Step Functions Local is not available. The text, one line, says why."""


def main() -> int:
    """Run all cases. Returns the exit status: 1 if a case failed, 2 without Step Functions Local.

    SFN_LOCAL_ENDPOINT: the address of a running Step Functions Local that has
    workflow/brief/mocks.json as its SFN_MOCK_CONFIG. By default, Docker Compose starts one.
    """
    given = os.environ.get("SFN_LOCAL_ENDPOINT", "")
    try:
        if given:
            return run(given)
        with start_step_functions_local() as endpoint_url:
            return run(endpoint_url)
    except (Unavailable, subprocess.TimeoutExpired) as fault:
        print(f"test-sfn-local: {fault}", file=sys.stderr)
        return 2
    except (
        BotoCoreError,
        ClientError,
    ) as fault:  # it refuses the definition or an execution
        print(f"test-sfn-local: {fault}", file=sys.stderr)
        return 1


def run(endpoint_url: str) -> int:
    """Run all cases at this address and print a line for each. Returns 1 if a case failed."""
    cases = load_cases()
    outcomes = run_cases(connect(endpoint_url), cases)
    failed = 0
    for case in cases:
        differences = compare(case.expected, outcomes[case.name])
        failed += bool(differences)
        print(
            f"{'FAIL' if differences else 'ok  '} {case.name}"
            + "".join(f"\n     {difference}" for difference in differences)
        )
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def connect(endpoint_url: str, seconds: float = _READY_SECONDS) -> Any:
    """A Step Functions client, as soon as the address responds. Raises Unavailable."""
    if not endpoint_url.startswith(("http://", "https://")):
        raise Unavailable(
            f"SFN_LOCAL_ENDPOINT is {endpoint_url!r}; accepted: an address such as"
            " http://127.0.0.1:8083"
        )
    client = loopback.connect(
        "stepfunctions", endpoint_url=endpoint_url, region="eu-central-1", account="111122223333"
    )

    def answers() -> bool:
        try:
            client.list_state_machines()
        except BotoCoreError:
            return False
        return True

    poll(
        answers, seconds, lambda: _fail(f"nothing answers at {endpoint_url} in {seconds:g} s"), 0.2
    )
    return client


def run_cases(
    client: Any, cases: Sequence[Case], seconds: float = _CASES_SECONDS
) -> dict[str, Outcome]:
    """The outcome of each case, by name. The cases run at the same time, because some wait."""
    arn = create_state_machine(client)
    started = {
        case.name: client.start_execution(
            stateMachineArn=f"{arn}#{case.name}", input=json.dumps(case.request)
        )
        for case in cases
    }
    return {
        name: _follow(client, execution["executionArn"], seconds)
        for name, execution in started.items()
    }


def create_state_machine(client: Any) -> str:
    """Create or update the state machine that the mock file names. Returns its ARN."""
    definition = json.dumps(adapt_definition(render_for_cases()))
    role = "arn:aws:iam::111122223333:role/ScanBrief"
    for machine in client.list_state_machines()["stateMachines"]:
        if machine["name"] == MACHINE:
            client.update_state_machine(
                stateMachineArn=machine["stateMachineArn"], definition=definition, roleArn=role
            )
            return str(machine["stateMachineArn"])
    return str(
        client.create_state_machine(name=MACHINE, definition=definition, roleArn=role)[
            "stateMachineArn"
        ]
    )


@contextmanager
def start_step_functions_local() -> Iterator[str]:
    """The address of a container that runs until the block ends. Raises Unavailable."""
    if (
        shutil.which("docker") is None
        or _docker("info").returncode
        or _docker("compose", "version").returncode
    ):
        raise Unavailable(_NO_DOCKER)
    compose = ("compose", "--file", str(_COMPOSE), "--project-name", f"scan-brief-{os.getpid()}")
    try:
        started = _docker(*compose, "up", "--detach", "--quiet-pull")
        published = _docker(*compose, "port", _SERVICE, _PORT)
        if started.returncode or published.returncode:
            words = (started.stderr + published.stderr).split()
            raise Unavailable(f"docker compose up: {' '.join(words)[-400:]}")
        yield f"http://{published.stdout.strip()}"
    finally:
        _docker(*compose, "down", "--volumes", "--timeout", "5")


def _docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["docker", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def _follow(client: Any, arn: str, seconds: float) -> Outcome:
    """The outcome of an execution. If it still runs after `seconds`, its case fails."""

    def ended() -> dict[str, Any] | None:
        described: dict[str, Any] = client.describe_execution(executionArn=arn)
        return described if described["status"] != "RUNNING" else None

    try:
        described = poll(ended, seconds, lambda: _fail(f"{arn} still runs"), 0.1) or {}
    except Unavailable:
        described = {"status": "RUNNING"}
    events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for event in events
        if "stateEnteredEventDetails" in event
    ]
    error = described.get("error") or _find_error(events)
    return Outcome(described["status"], error, tuple(entered))


def _find_error(events: list[dict[str, Any]]) -> str:
    """An older DescribeExecution has no error; the last event of the history has it."""
    return str(events[-1].get("executionFailedEventDetails", {}).get("error", "")) if events else ""


def _fail(what: str) -> Any:
    raise Unavailable(what)


if __name__ == "__main__":
    sys.exit(main())
