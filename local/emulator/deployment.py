"""Edge: deploys the stack to the emulator with the real CDK command line, from the template that
AWS would get.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.process import Emulator, poll
from scan_brief_cdk.settings.context import parse_context
from scan_brief_cli.bad_input import BadInput

PROJECT_ROOT = Path(__file__).resolve().parents[2]
_CDK = PROJECT_ROOT / "node_modules" / ".bin" / "cdk"
_READY_SECONDS = 60


class DeploymentError(RuntimeError):
    """The CDK command line failed; the text is what it said."""


@dataclass(frozen=True)
class Deployment:
    """The deployed notifier: its stack's CloudFormation outputs by name."""

    emulator: Emulator
    outputs: Mapping[str, str]

    def reach_inspector_at(self, endpoint_url: str) -> None:
        """Have the deployed FetchFindings call Inspector2 at this address. The template stays AWS's
        own.
        """
        functions = self.emulator.client("lambda")
        name = self.outputs["FetchFindingsFunctionName"]
        configured = functions.get_function_configuration(FunctionName=name)["Environment"][
            "Variables"
        ]
        variables = configured | {"AWS_ENDPOINT_URL_INSPECTOR2": endpoint_url}
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables}
        )

    def subscribe(
        self, protocol: str, endpoint: str, wanted: Mapping[str, object] | None = None
    ) -> None:
        """Subscribe to the topic, and wait until SNS has the confirmation. wanted: a filter policy."""
        topics, topic = self.emulator.client("sns"), self.outputs["TopicArn"]
        attributes = {"FilterPolicy": json.dumps(wanted)} if wanted else {}
        topics.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes
        )

        def confirmed() -> bool:
            found = topics.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
            return any(
                one["Endpoint"] == endpoint and one["SubscriptionArn"].startswith("arn:")
                for one in found
            )

        poll(
            confirmed,
            _READY_SECONDS,
            lambda: _fail(f"subscription of {endpoint} was not confirmed"),
        )

    def start(self, request: object) -> str:
        """Start an execution by hand, as the console does; returns its ARN."""
        states = self.emulator.client("stepfunctions")
        started = states.start_execution(
            stateMachineArn=self.outputs["StateMachineArn"], input=json.dumps(request)
        )
        return str(started["executionArn"])

    def wait_for_execution(self, arn: str, seconds: float = 120) -> dict[str, Any]:
        """DescribeExecution's answer once it has ended."""
        states = self.emulator.client("stepfunctions")

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = states.describe_execution(executionArn=arn)
            return found if found["status"] != "RUNNING" else None

        ended_execution = poll(
            ended, seconds, lambda: _fail(f"{arn} still runs after {seconds:g} s")
        )
        return ended_execution or {}


def read_context() -> dict[str, object]:
    """The context of cdk.json. Raises BadInput or SettingsError."""
    file = PROJECT_ROOT / "cdk.json"
    try:
        text = file.read_bytes()
    except OSError as fault:
        raise BadInput(f"{file}: {fault.strerror}") from fault
    return parse_context(text, str(file))


def synthesize(context: Mapping[str, object], output: Path) -> None:
    """Synthesize the app in this process's Python into `output`, no credentials needed."""
    given = read_context() | dict(context)
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("AWS_")
    } | {
        "CDK_CONTEXT_JSON": json.dumps(given),
        "CDK_OUTDIR": str(output),
        "PATH": _path(),
    }
    _run([sys.executable, "-m", "scan_brief_cdk.app"], variables)


def deploy(
    emulator: Emulator, assembly: Path, say: Callable[[str], None] = lambda _: None
) -> Deployment:
    """cdk bootstrap and cdk deploy of a synthesized cloud assembly."""
    variables = emulator.environment | {
        "PATH": _path(),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
    outputs = assembly / "outputs.json"
    app = ["--app", str(assembly), "--no-notices", "--no-version-reporting"]
    say("cdk bootstrap")
    _run([*_cdk(), "bootstrap", f"aws://{emulator.account}/{emulator.region}", *app], variables)
    say("cdk deploy")
    options = ["--require-approval", "never", "--outputs-file", str(outputs), "--all"]
    _run([*_cdk(), "deploy", *app, *options], variables)
    stacks = json.loads(outputs.read_text(encoding="utf-8")).values()
    (notifier,) = (stack for stack in stacks if "StateMachineArn" in stack)
    return Deployment(emulator, notifier)


def _path() -> str:
    """This Python environment's programs first: it brings the Node that the CDK needs."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _cdk() -> list[str]:
    node = shutil.which("node", path=_path())
    if node is None or not _CDK.exists():
        _fail("node or node_modules/.bin/cdk is missing; run: make setup")
    return [str(node), str(_CDK)]


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=dict(variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        _fail(
            f"{' '.join(command[:3])} …: exit"
            f" {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        )


def _fail(what: str) -> None:
    raise DeploymentError(what)
