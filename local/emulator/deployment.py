"""Deploys the stack to the emulator with the CDK command line, from the template for AWS."""

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
from urllib.parse import quote

from local import sample_settings
from local.emulator.process import Emulator, poll
from scan_brief_cdk import cdk_json

PROJECT_ROOT = Path(__file__).resolve().parents[2]
_CDK = PROJECT_ROOT / "node_modules" / ".bin" / "cdk"
_READY_SECONDS = 60
# The functions that call Inspector2.
_CALLERS = (
    *("FetchFindingsFunctionName", "FindUnscannedFunctionName"),
    *("GatherDigestFunctionName", "FindUrgentFunctionName"),
)


class DeploymentError(RuntimeError):
    """The CDK command line failed. The text has the end of its output."""


@dataclass(frozen=True)
class Deployment:
    """The deployed notifier. outputs: the CloudFormation outputs of its stack, by name."""

    emulator: Emulator
    outputs: Mapping[str, str]

    def reach_inspector_at(self, endpoint_url: str) -> None:
        """Let the deployed functions call Inspector2 at this address."""
        for output in _CALLERS:
            if output in self.outputs:  # earlier versions have fewer
                self.set_variable("AWS_ENDPOINT_URL_INSPECTOR2", endpoint_url, output)

    def set_variable(
        self, variable: str, value: str, output: str = "FetchFindingsFunctionName"
    ) -> None:
        """Change the environment of the deployed function in this output."""
        functions = self.emulator.client("lambda")
        name = self.outputs[output]
        configured = functions.get_function_configuration(FunctionName=name)["Environment"][
            "Variables"
        ]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": configured | {variable: value}}
        )

    def subscribe(
        self, protocol: str, endpoint: str, filter_policy: Mapping[str, object] | None = None
    ) -> None:
        """Subscribe to the topic, and wait until the subscription is confirmed."""
        topics, topic = self.emulator.client("sns"), self.outputs["TopicArn"]
        attributes = {"FilterPolicy": json.dumps(filter_policy)} if filter_policy else {}
        topics.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint=endpoint, Attributes=attributes
        )
        poll(
            lambda: self._is_confirmed(endpoint),
            _READY_SECONDS,
            lambda: _fail(f"subscription of {endpoint} was not confirmed"),
        )

    def deliver_mail(self) -> None:
        """Let each email subscription of the topic deliver to the emulator's outbox.

        MiniStack sends no email, so each of these subscriptions gets an HTTP subscription with the
        same filter policy. SNS sends the same text to both protocols.
        """
        topics = self.emulator.client("sns")
        for address, arn in self._list_subscriptions("email").items():
            attributes = topics.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
            # An address can contain characters that have a meaning in a URL: # or %.
            endpoint = f"{self.emulator.outbox}/email/{quote(address, safe='@')}"
            self.subscribe("http", endpoint, json.loads(attributes.get("FilterPolicy", "null")))

    def _is_confirmed(self, endpoint: str) -> bool:
        """Whether it receives messages. MiniStack lists a pending subscription with its ARN."""
        arn = self._list_subscriptions().get(endpoint, "")
        topics = self.emulator.client("sns")
        return arn.startswith("arn:") and (
            topics.get_subscription_attributes(SubscriptionArn=arn)["Attributes"].get(
                "PendingConfirmation"
            )
            == "false"
        )

    def _list_subscriptions(self, protocol: str = "") -> dict[str, str]:
        """Endpoint to ARN; of one protocol, or of all."""
        pages = self.emulator.client("sns").get_paginator("list_subscriptions_by_topic")
        return {
            subscription["Endpoint"]: subscription["SubscriptionArn"]
            for page in pages.paginate(TopicArn=self.outputs["TopicArn"])
            for subscription in page["Subscriptions"]
            if protocol in ("", subscription["Protocol"])
        }

    def start(self, request: object, machine: str = "") -> str:
        """Start an execution, as a person does in the console. Returns its ARN.

        machine: the ARN of another state machine than the brief's.
        """
        states = self.emulator.client("stepfunctions")
        started = states.start_execution(
            stateMachineArn=machine or self.outputs["StateMachineArn"], input=json.dumps(request)
        )
        return str(started["executionArn"])

    def wait_for_execution(self, arn: str, seconds: float = 120) -> dict[str, Any]:
        """The ended execution, from DescribeExecution."""
        states = self.emulator.client("stepfunctions")

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = states.describe_execution(executionArn=arn)
            return found if found["status"] != "RUNNING" else None

        ended_execution = poll(
            ended,
            seconds,
            lambda: _fail(f"{arn} still runs after {seconds:g} s: {self._read_last_events(arn)}"),
        )
        return ended_execution or {}

    def _read_last_events(self, arn: str) -> str:
        """The newest events of an execution, the last one first."""
        states = self.emulator.client("stepfunctions")
        history = states.get_execution_history(executionArn=arn, reverseOrder=True, maxResults=5)
        return json.dumps(history["events"], default=str)[:2000]


def read_context() -> dict[str, object]:
    """The context in the checkout's cdk.json, with the sample's settings if it names no repository.

    Raises SettingsError.
    """
    return sample_settings.complete(cdk_json.read_context(PROJECT_ROOT / "cdk.json"))


def synthesize(context: Mapping[str, object], output: Path) -> None:
    """Synthesize the app into `output`. context: replaces settings of cdk.json."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("AWS_")
    } | {
        "CDK_CONTEXT_JSON": json.dumps(read_context() | dict(context)),
        "CDK_OUTDIR": str(output),
        "PATH": _path(),
    }
    _run([sys.executable, "-m", "scan_brief_cdk.app"], variables)


def deploy(
    emulator: Emulator, assembly: Path, say: Callable[[str], None] = lambda _: None
) -> Deployment:
    """Run `cdk bootstrap` and `cdk deploy` with a synthesized cloud assembly."""
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
    deployment = Deployment(emulator, notifier)
    if emulator.outbox:
        deployment.deliver_mail()
    return deployment


def _path() -> str:
    """PATH with the programs of this Python environment first: it has the Node for the CDK."""
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
