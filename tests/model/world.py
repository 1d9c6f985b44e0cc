"""What the machines meet: named executions, Inspector, the topic, the memory, and failures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from scan_brief.aws.memory import TableMemory
from scan_brief.findings.notice import make_notice
from scan_brief.model import Window
from scan_brief.scan.coverage import resolve_image
from scan_brief.scan.errors import ImageNotScanned, InvalidRequest, UnreadableEvent
from scan_brief.scan.request import Registry, is_automatic, read_request
from scan_brief.scan.watch import decide, read_watched
from scan_brief_cdk.notifier.definition import MACHINES, render_definition
from scan_brief_cdk.route import Route
from tests.model.gathering import Gathering, leave
from tests.model.interpreter import Run, TaskError
from tests.workflow.test_definitions import DEPLOYED

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
PREFIX = DEPLOYED["door"]["RepositoryArnPrefix"]
NAMES_KEPT = 90 * 86_400.0
START, DESCRIBE = "states:startExecution", "aws-sdk:sfn:describeExecution"
# By what fails: the errors, or what else happens. A lost answer is one of a call that was done.
FAULTS: dict[str, tuple[str, ...]] = {
    "fetch": (
        *("InspectorUnavailable", "InspectorThrottled", "InspectorRefused", "Runtime.ExitError"),
        *("Lambda.TooManyRequestsException", "States.Timeout", "incomplete"),
    ),
    "format": ("Lambda.ServiceException", "Runtime.ExitError", "States.Timeout", "incomplete"),
    "gather_brief": (
        *("MemoryLost", "SummaryNotStarted", "Runtime.ExitError", "States.Timeout"),
        *("incomplete", "lost"),
    ),
    "gather_summary": ("MemoryLost", "Runtime.ExitError", "States.Timeout", "incomplete", "lost"),
    "remember": ("MemoryLost", "States.Timeout", "lost"),
    "find": (
        *("InspectorUnavailable", "InspectorRefused", "UnreadableEvent", "Runtime.ExitError"),
        *("States.Timeout", "incomplete"),
    ),
    "publish": ("SNS.AuthorizationErrorException", "SNS.InternalError", "States.Timeout", "lost"),
    "start brief": ("StepFunctions.AccessDeniedException", "States.Timeout", "lost"),
    "start watchdog": ("StepFunctions.AccessDeniedException", "States.Timeout", "lost"),
    "start fallback": ("StepFunctions.AccessDeniedException", "States.Timeout", "lost"),
    "describe": ("Sfn.AccessDeniedException", "States.Timeout"),
}


@dataclass(frozen=True)
class Message:
    """One publish."""

    run: Run
    at: float
    kind: str
    document: dict[str, Any]
    thread: str
    gathered: bool = False  # no mail


@dataclass(frozen=True)
class Asked:
    """An answer of FindUnscanned."""

    at: float
    repository: str
    digest: str
    reason: str | None  # None: nothing to report


@dataclass
class Image:
    """What Inspector knows of an image. reason: None before it knows the image at all."""

    repository: str
    digest: str
    reason: str | None = None
    scanned_at: float | None = None
    attempts: int = 1  # of FetchFindings until all findings are listed

    @property
    def arn(self) -> str:
        return f"{PREFIX}{self.repository}"


class Table:
    """The table, for `TableMemory.move_on`: one item a key, and the condition of its writes."""

    class exceptions:  # noqa: N801 - as botocore calls it
        class ConditionalCheckFailedException(Exception):
            pass

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], int] = {}
        self.history: list[tuple[tuple[str, str], int, int]] = []

    def put_item(self, **given: Any) -> None:
        item = given["Item"]
        key, at = (item["key"]["S"], item["part"]["S"]), int(item["at"]["N"])
        before = self.items.get(key)
        if before is not None and not _holds(given.get("ConditionExpression"), before, at):
            raise self.exceptions.ConditionalCheckFailedException
        if before is not None:
            self.history.append((key, before, at))
        self.items[key] = at


def _holds(condition: str | None, before: int, at: int) -> bool:
    """For an item that exists."""
    values = {"#at": before, ":at": at}
    tests = condition.split(" OR ") if condition else ["#at <= #at"]
    found = [re.fullmatch(r"(\S+) (<=|>=|<|>) (\S+)", test) for test in tests]
    compare: dict[str, Callable[[int, int], bool]] = {
        "<=": int.__le__, ">=": int.__ge__, "<": int.__lt__, ">": int.__gt__,
    }  # fmt: skip
    return any(compare[test[2]](values[test[1]], values[test[3]]) for test in found if test)


def render(routes: Sequence[Route] = (), *, copies: bool = False) -> dict[str, dict[str, Any]]:
    """The definitions by machine. copies: whether briefs are copied."""
    more = {"CopiesStateMachineArn": f"{DEPLOYED['door']['BriefStateMachineArn'][:-5]}copies"}
    return {
        name: json.loads(
            render_definition(
                *(name, "en", {**DEPLOYED[name], **more}, routes),
                copies=copies,
                publish_events=copies,
            )
        )
        for name in MACHINES
    }


def _is_automatic(request: dict[str, Any]) -> bool:
    """Whether no person asked for the brief."""
    return "detail" in request or "watchdog" in request


def write_time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%FT%TZ}"


@dataclass
class World:
    """machines: their definitions. now: epoch seconds. on: Inspector and enhanced scanning."""

    machines: Mapping[str, dict[str, Any]]
    now: float
    on: bool = True
    images: dict[tuple[str, str], Image] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    copies: list[tuple[Run, str]] = field(default_factory=list)  # and to which topic or bus
    asked: list[Asked] = field(default_factory=list)
    faults: dict[str, tuple[str, float]] = field(default_factory=dict)  # with how often
    met: set[str] = field(default_factory=set)  # what failed at least once
    table: Table = field(default_factory=Table)

    def __post_init__(self) -> None:
        self.gathering = Gathering(lambda: self.now, self._start_summary)

    def _start_summary(self, window: Window) -> None:
        with suppress(TaskError):
            self.start("summary", window["window"], window, "GatherBrief")

    def _gather_brief(self, payload: dict[str, Any]) -> Any:
        return self.gathering.gather_brief(payload)

    def _gather_summary(self, payload: dict[str, Any]) -> Any:
        return self.gathering.gather_summary(payload)

    def start(self, machine: str, name: str, given: Any, by: Any) -> Run:
        """As AWS: the same again while it runs is the same start; then its name is taken."""
        for held in self.runs:
            if (held.machine, held.name) == (machine, name):
                if held.status == "RUNNING" and held.input == given:
                    return held
                if held.status == "RUNNING" or self.now < held.ended_at + NAMES_KEPT:
                    raise TaskError("StepFunctions.ExecutionAlreadyExistsException")
        run = Run(machine, self.machines[machine], name, given, self.now, by)
        self.runs.append(run)
        return run

    def running(self) -> list[Run]:
        return [run for run in self.runs if run.status == "RUNNING"]

    def step(self, run: Run) -> None:
        run.step(self.now, self._call)

    def pass_time(self, seconds: float) -> None:
        """Whatever is due by then happens, in its order."""
        until = self.now + seconds
        while due := [run for run in self.running() if run.wake_at <= until]:
            first = min(due, key=lambda run: run.wake_at)
            self.now = max(self.now, first.wake_at)
            first.wake_at = self.now
            self.step(first)
        self.now = until

    def _call(self, run: Run, resource: str, arguments: dict[str, Any]) -> Any:
        name, do = self._find_call(run, resource, arguments)
        fault, left = self.faults.get(name, ("", 0))
        if not fault:
            return do()
        self.met.add(name)
        self.faults[name] = (fault, left - 1)
        if left <= 1:
            del self.faults[name]
        if fault == "lost":
            do()
            run.lost += name == "publish"
            raise TaskError("States.Timeout")
        if fault == "incomplete":
            return {"Payload": {"report": None}}
        raise TaskError(fault, "{}")

    def _find_call(
        self, run: Run, resource: str, arguments: dict[str, Any]
    ) -> tuple[str, Callable[[], Any]]:
        if resource == "lambda:invoke":
            name = arguments["FunctionName"].rpartition(":")[2]
            function = getattr(self, f"_{name}")
            return name, lambda: {"Payload": function(arguments["Payload"])}
        if run.machine == "copies":
            target = arguments.get("TopicArn") or arguments["Entries"][0]["EventBusName"]
            return f"copy to {target.rpartition(':')[2]}", lambda: self._copy(run, target)
        if resource == "sns:publish":
            return "publish", lambda: self._publish(run, arguments)
        if resource == DESCRIBE:
            return "describe", lambda: self._describe(arguments["ExecutionArn"])
        assert resource == START, resource
        machine = arguments["StateMachineArn"].rpartition(":")[2]
        return f"start {machine}", lambda: self._start(run, machine, arguments)

    def _start(self, run: Run, machine: str, arguments: dict[str, Any]) -> dict[str, Any]:
        name = arguments.get("Name") or f"unnamed-{len(self.runs)}"
        return {"ExecutionArn": self.start(machine, name, arguments["Input"], run).arn}

    def _describe(self, arn: str) -> dict[str, Any]:
        found = [run for run in self.runs if run.arn == arn]
        if not found:
            raise TaskError("Sfn.ExecutionDoesNotExistException")
        return {"StartDate": f"{datetime.fromtimestamp(found[-1].started_at, UTC):%FT%T.000Z}"}

    def _copy(self, run: Run, target: str) -> dict[str, Any]:
        self.copies.append((run, target))
        return {"MessageId": "m"} if target.startswith("arn:") else {"FailedEntryCount": 0}

    def _publish(self, run: Run, arguments: dict[str, Any]) -> dict[str, Any]:
        message = json.loads(arguments["Message"])
        kind = arguments["MessageAttributes"]["kind"]["StringValue"]
        thread = json.loads(message["https"]).get("metadata", {}).get("threadId", "")
        document = json.loads(message["sqs"])
        gathered = "gathered" in arguments["MessageAttributes"]
        self.messages.append(Message(run, self.now, kind, document, thread, gathered))
        return {"MessageId": f"message-{len(self.messages)}"}

    def _list_coverage(self, repository: str, digest: str) -> list[dict[str, Any]]:
        image = self.images[(repository, digest)]
        if image.reason is None:
            return []
        scanned = image.scanned_at
        at = {"lastScannedAt": datetime.fromtimestamp(scanned, UTC)} if scanned else {}
        return [
            {
                "resourceId": f"{image.arn}/{digest}",
                "scanStatus": {"reason": image.reason},
                "resourceMetadata": {"ecrImage": {"tags": ["1.4.2"]}},
                **at,
            }
        ]

    def _find(self, payload: dict[str, Any]) -> Any:
        try:
            watched = read_watched(payload["event"], REGISTRY)
        except UnreadableEvent as error:
            raise TaskError("UnreadableEvent", "{}") from error
        of = (watched.request.repository, watched.request.digest)
        covered: Any = self._list_coverage(*of)
        answer = decide(watched, covered, lambda: "NOT_KNOWN" if self.on else "SCANNING_OFF", 30)
        request = answer["request"]
        reason = request["watchdog"]["reason"] if request else None
        self.asked.append(Asked(self.now, *of, reason))
        return answer

    def _fetch(self, payload: dict[str, Any]) -> Any:
        try:
            return {"report": self._make_report(payload), "refusal": None}
        except (InvalidRequest, ImageNotScanned) as error:
            unread = isinstance(error, InvalidRequest) and is_automatic(payload["request"])
            name = "UnreadableEvent" if unread else error.name
            return {"report": None, "refusal": {"error": name, "cause": str(error)}}

    def _make_report(self, payload: dict[str, Any]) -> Any:
        request = read_request(payload["request"], REGISTRY)
        if request.watchdog and request.watchdog["reason"]:
            return make_notice(request, request.watchdog)
        image = self.images[(request.repository, request.digest)]
        if request.by_hand:
            covered: Any = self._list_coverage(request.repository, request.digest)
            request = resolve_image(request, covered)
        return {
            "image": {"repository": request.repository, "digest": request.digest},
            "scannedAt": request.scanned_at,
            "attempt": payload["attempt"],
            "settled": "YES" if payload["attempt"] >= image.attempts else "WAIT",
            "waitSeconds": 60,
        }

    def _format(self, payload: dict[str, Any]) -> Any:
        report = payload["report"]
        repository, digest = report["image"]["repository"], report["image"]["digest"]
        kind = report.get("notice", "FINDINGS")
        said = report["reason"] if "notice" in report else report["scannedAt"]
        document = {"id": f"{PREFIX}{repository}@{digest}@{said}", "reason": report.get("reason")}
        chat = {"metadata": {"threadId": f"{repository}@{digest}"}}
        mark = {
            "repository": repository,
            "line": "linux/amd64",
            "digest": digest,
            "scannedAt": said,
            "findings": "findings#1",
            "parts": 1,
        }
        return {
            "subject": "A brief",
            "message": {"sqs": json.dumps(document), "https": json.dumps(chat)},
            "attributes": {
                "kind": kind,
                "severity": "HIGH",
                "total": "1",
                "knownExploited": "0",
                "repository": repository,
                "repositoryArn": f"{PREFIX}{repository}",
            },
            "remember": None if "notice" in report else mark,
            "gather": leave(repository, digest) if _is_automatic(payload["request"]) else None,
        }

    def _remember(self, payload: dict[str, Any]) -> Any:
        mark = payload["brief"]["remember"]
        if mark is None:
            return {"moved": False}
        memory = TableMemory("briefs")
        memory._client = self.table
        return {"moved": memory.move_on(mark)}
