"""A fault run: every case as an execution of its own, all side by side on one deployed stack."""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from local.emulator.outbox import Message
from local.emulator.planned_faults import PlannedFaults
from local.inspector2_double import AppearAt, FaultPlan, Inspector2Double
from local.inspector2_double.faults import Call, Fault
from local.inspector2_double.reply import Reply
from scan_brief_cdk.bundle import build_bundle
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.faults.cases import Case, Event, Nothing
from tests.faults.fault_proxy import FaultProxy
from tests.harness import Outcome, StackHarness
from tests.project import PROJECT_ROOT

_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
_REPOSITORY = "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app"
_NO_RULES = {"scanningConfiguration": {"scanType": "ENHANCED", "rules": []}}
_SECONDS = 60
_MARKER = "the last one"


class Doubles:
    """A double for each image, behind one address: a call goes to that of the digest in it."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._of = {
            case.digest: Inspector2Double(
                _make_findings(case), _make_coverage(case), plan=FaultPlan(case.faults)
            )
            for case in cases
        }
        self._registries = {
            case.digest: Inspector2Double(plan=FaultPlan(case.registry))
            for case in cases
            if case.registry or case.coverage == ""
        }

    def answer(self, path: str, raw: bytes) -> Reply:
        """The response of the image's double. The path begins with the digest, or the body has it.

        Microburst's requests have no digest in their path.
        """
        first, _, rest = path[1:].partition("/")
        if not first.startswith("sha256:"):
            (digest,) = {found.decode() for found in _DIGEST.findall(raw)}
            return self._of[digest].answer(path, raw)
        if rest.startswith("registry"):
            reply = self._registries[first].answer("/status/batch/get", b"{}")
            code = reply.error_code
            body = {**reply.body, "__type": code} if code else _NO_RULES
            return replace(reply, body=body)
        return self._of[first].answer(f"/{rest}", raw)

    def count_calls(self, case: Case) -> int:
        """How often the image was asked for."""
        return len(self._of[case.digest].calls)

    def count_fired(self, case: Case) -> int:
        """How many calls of the image a planned fault applied to."""
        fired = _count_fired(self._of[case.digest], case.faults)
        if case.registry:
            fired += _count_fired(self._registries[case.digest], case.registry)
        return fired


def _count_fired(double: Inspector2Double, faults: Sequence[Fault | AppearAt]) -> int:
    calls = []
    numbers: Counter[str] = Counter()
    first_pages: Counter[str] = Counter()
    for operation, request in double.calls:
        numbers[operation] += 1
        first_pages[operation] += not request.get("nextToken")
        calls.append(Call(operation, numbers[operation], first_pages[operation], request))
    return sum(
        fault.limit(call) is not None if isinstance(fault, AppearAt) else fault.matches(call)
        for call in calls
        for fault in faults
    )


def _make_coverage(case: Case) -> list[Event] | None:
    if case.coverage is None:
        return None
    if not case.coverage:
        return []
    return [
        {
            "resourceType": "AWS_ECR_CONTAINER_IMAGE",
            "resourceId": f"{_REPOSITORY}/{case.digest}",
            "accountId": "111122223333",
            "scanType": "PACKAGE",
            "scanStatus": {"statusCode": "ACTIVE", "reason": case.coverage},
            "lastScannedAt": 1763052112.0,
            "resourceMetadata": {
                "ecrRepository": {"name": "sample-app"},
                "ecrImage": {"tags": ["1.4.2"]},
            },
        }
    ]


def _make_findings(case: Case) -> list[Event]:
    sampled = read_event(SAMPLE / "event.json")["detail"]["image-digest"]
    sample = [dict(finding) for finding in read_findings([SAMPLE / "findings.json"])]
    findings: list[Event] = json.loads(json.dumps(sample).replace(sampled, case.digest))
    return case.findings(
        [
            {**finding, "findingArn": f"{finding['findingArn'][:-1]}{number}"}
            for number in range(case.copies)
            for finding in findings
        ]
        if case.copies > 1
        else findings
    )


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A case's end: the outcome of its execution and the messages about it."""

    outcome: Outcome
    messages: list[Message]
    fired: int


class FaultRun:
    """All cases, started at once. machines: their ARNs by the name in the cases."""

    def __init__(self, harness: StackHarness, faults: PlannedFaults, cases: Iterable[Case]) -> None:
        self._harness = harness
        self._faults = faults
        self._cases = list(cases)
        self.doubles = Doubles(self._cases)
        self.proxied = [(case.digest, dict(case.proxied)) for case in self._cases if case.proxied]
        self.proxy: FaultProxy | None = None
        self._executions: Mapping[str, list[str]] = {}
        self._messages: list[Message] | None = None

    def start(self, machines: Mapping[str, str]) -> None:
        """Start an execution for each case."""
        states = self._harness.deployment.emulator.client("stepfunctions")
        for case in self._cases:
            for place, (fault, times) in case.planned.items():
                self._faults.plan(place, case.digest, fault, times)
        self._executions = {
            case.name: [
                states.start_execution(
                    stateMachineArn=machines[case.machine],
                    name=case.name + f"-{number}" * (number > 0),
                    input=json.dumps(_make_request(case, hours)),
                )["executionArn"]
                for number, hours in enumerate(case.deliveries)
            ]
            for case in self._cases
        }

    def end(self, case: Case) -> Ended:
        """Wait for the end of the case, with its fallback. Raises HarnessError."""
        followed = [self._follow(arn) for arn in self._executions[case.name]]
        # A second delivery enters fewer states: it ends quietly.
        arn, outcome = max(followed, key=lambda pair: len(pair[1].states))
        messages = [
            message
            for message in self._receive_all()
            if case.digest in message.text or re.search(rf"{re.escape(arn)}\b(?!-)", message.text)
        ]
        proxied = self.proxy.count_fired(case.digest) if self.proxy else 0
        planned = sum(
            self._faults.count_fired(place, case.digest)
            for place in case.planned
            if place != "patience"
        )
        return Ended(
            outcome=outcome,
            messages=messages,
            fired=planned + proxied + self.doubles.count_fired(case),
        )

    def _follow(self, arn: str) -> tuple[str, Outcome]:
        """The outcome of an execution and of the brief that it started: ARN and end of the last."""
        outcome = self._harness.follow(arn)
        started = json.loads(outcome.output or "{}").get("started")
        if not isinstance(started, str):
            return arn, outcome
        second = self._harness.follow(started)
        return started, replace(
            second,
            states=outcome.states + second.states,
            task_errors=outcome.task_errors + second.task_errors,
        )

    def explain(self, case: Case) -> str:
        """What became of the case's fallback brief, and which deliveries failed."""
        states = self._harness.deployment.emulator.client("stepfunctions")
        machine = self._harness.deployment.outputs["FallbackStateMachineArn"]
        started = states.list_executions(stateMachineArn=machine, maxResults=1000)["executions"]
        status = [execution["status"] for execution in started if execution["name"] == case.name]
        log = self._harness.deployment.emulator.read_log(10_000_000).splitlines()
        failed = [line for line in log if ", attempt " in line]
        return f"fallback: {status}; failed deliveries: {failed[-20:]}"

    def _receive_all(self) -> list[Message]:
        """Every message of the run: those that are expected, and any before a last marker."""
        if self._messages is None:
            for arns in self._executions.values():
                for arn in arns:
                    self._follow(arn)
            expected = sum(not isinstance(case.end, Nothing) for case in self._cases)
            with suppress(TimeoutError):  # then the test of the case without its message fails
                self._harness.outbox.wait_for(lambda seen: len(_select(seen)) >= expected, _SECONDS)
            self._harness.deployment.emulator.client("sns").publish(
                TopicArn=self._harness.deployment.outputs["TopicArn"], Message=_MARKER
            )
            arrived = self._harness.outbox.wait_for(
                lambda seen: any(message.text == _MARKER for message in _select(seen)), _SECONDS
            )
            self._messages = _select(arrived)
        return self._messages


def _select(messages: list[Message]) -> list[Message]:
    """Those to the subscriber without a filter."""
    return [message for message in messages if message.to == "all"]


def _make_request(case: Case, hours: int) -> Event:
    event: Event = copy.deepcopy(dict(read_event(SAMPLE / "event.json")))
    time = datetime.fromisoformat(event["time"]) + timedelta(hours=hours)
    event["id"] = case.digest[-36:]  # by which the door knows an event without an image
    event["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ")
    if case.starts == "watchdog":
        detail = {
            "action-type": "PUSH",
            "result": "SUCCESS",
            "repository-name": "sample-app",
            "image-digest": case.digest,
            "image-tag": "1.4.2",
        }
        return event | {"detail-type": "ECR Image Action", "source": "aws.ecr", "detail": detail}
    event["detail"]["image-digest"] = case.digest
    counts = event["detail"]["finding-severity-counts"]
    counts.update({name: count * case.copies for name, count in counts.items()})
    case.change(event)
    return event


def bundle_functions(texts: Mapping[str, str] | None = None) -> bytes:
    """The functions' code with the entry points of a fault run, and with these texts as files."""
    archived = io.BytesIO()
    bundle = build_bundle()
    added = {
        "faulty_functions.py": PROJECT_ROOT / "tests" / "faults" / "faulty_functions.py",
        "planned_faults.py": PROJECT_ROOT / "local" / "emulator" / "planned_faults.py",
    }
    files = {str(path.relative_to(bundle)): path for path in bundle.rglob("*") if path.is_file()}
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in (files | added).items():
            archive.write(path, name)
        for name, text in (texts or {}).items():
            archive.writestr(name, text)
    return archived.getvalue()


def describe(function: Any) -> dict[str, Any]:
    """What a copy of a function keeps of it."""
    return {
        name: function[name] for name in ("Runtime", "Role", "Handler", "MemorySize", "Timeout")
    } | {"Environment": {"Variables": dict(function["Environment"]["Variables"])}}
