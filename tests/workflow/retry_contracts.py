"""What must be true of a definition's timeouts and retries. Contracts yield complaints."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scan_brief.scan import errors
from scan_brief_cdk.notifier import scan_notifier
from scan_brief_common.limits import (
    COPY_TOPICS,
    GATHER_MINUTES,
    SETTLE_ATTEMPTS,
    SETTLE_WAIT_SECONDS,
    WATCH_MINUTES,
)

Definition = dict[str, Any]
Complaints = Iterator[str]

# How often a task that runs a function is retried, at least and at most, after which error. AWS
# Lambda Developer Guide and Step Functions Developer Guide, "Handling errors", name the crashes.
_CRASHES = (
    *("Runtime.ExitError", "Runtime.OutOfMemory", "Runtime.ImportModuleError", "Lambda.Unknown"),
    *("Runtime.HandlerNotFound", "Runtime.UserCodeSyntaxError", "Runtime.Unknown"),
    *("Sandbox.Unknown", "Sandbox.Timedout", "States.Timeout", "KeyError"),
)
RETRIES = {
    "InspectorRefused": (0, 0),  # asking again does not help
    "InspectorUnavailable": (10, 30),
    "InspectorThrottled": (30, 60),  # for hours: a burst of scans takes them
    "Lambda.TooManyRequestsException": (100, 200),  # likewise, each pause being shorter
    **dict.fromkeys(_CRASHES, (1, 3)),
}
# A brief that cannot be gathered is sent by itself within two minutes, and a lost summary is worth
# as much as a brief.
OWN_RETRIES = {
    "GatherBrief": {
        "MemoryLost": (0, 0),
        "SummaryNotStarted": (0, 0),
        "Lambda.TooManyRequestsException": (3, 6),
        **dict.fromkeys(_CRASHES, (1, 6)),
    },
    "GatherSummary": {
        "MemoryLost": (10, 30),
        "Lambda.TooManyRequestsException": (100, 200),
        **dict.fromkeys(_CRASHES, (1, 3)),
    },
}
OWN_ERRORS = {
    "MemoryLost",
    "SummaryNotStarted",
    *(name for name, _ in inspect.getmembers(errors, inspect.isclass)),
}
SERVICE_ERRORS = re.compile(
    r"States\.(ALL|TaskFailed|Timeout)|Sandbox\.Timedout|Lambda\.(ClientExecutionTimeoutException"
    r"|ServiceException|AWSLambdaException|SdkClientException|TooManyRequestsException)"
    r"|((StepFunctions|Sfn)\.)?ExecutionAlreadyExists|(StepFunctions|Sfn)\.ExecutionAlreadyExistsException"
)
TIMEOUTS = {
    "FetchFindings": scan_notifier.FETCH_TIMEOUT_SECONDS,
    "FormatMessage": scan_notifier.FORMAT_TIMEOUT_SECONDS,
    "GatherBrief": scan_notifier.GATHER_TIMEOUT_SECONDS,
    "GatherSummary": scan_notifier.SUMMARY_TIMEOUT_SECONDS,
    "RememberBrief": scan_notifier.REMEMBER_TIMEOUT_SECONDS,
    "FindUnscanned": scan_notifier.WATCH_TIMEOUT_SECONDS,
    "GatherDigest": scan_notifier.FETCH_TIMEOUT_SECONDS,
    "RememberDigest": scan_notifier.REMEMBER_TIMEOUT_SECONDS,
}


def tasks(definition: Definition) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and state of each Task."""
    for name, state in definition["States"].items():
        if state["Type"] == "Task":
            yield name, state


def tasks_end_in_time(definition: Definition) -> Complaints:
    """A function ends before its task does, so that its own error is seen."""
    for name, state in tasks(definition):
        seconds = state.get("TimeoutSeconds")
        if seconds is None or seconds <= TIMEOUTS.get(name, 0):
            yield f"{name}: TimeoutSeconds {seconds}"
    limit = definition.get("TimeoutSeconds", 0)
    if not longest_way(definition) < limit <= 14 * 24 * 3600:
        yield f"TimeoutSeconds {limit}, the longest way takes {longest_way(definition):.0f}"


def longest_way(definition: Definition) -> float:
    """The longest possible run in seconds, with all attempts and pauses of each state.

    Lambda refuses an invocation for lack of concurrency at once.
    """
    loop = {"FetchFindings": SETTLE_ATTEMPTS.most, "WaitForFindings": SETTLE_ATTEMPTS.most - 1}
    seconds = {"WaitForFindings": float(SETTLE_WAIT_SECONDS.most)}
    loop |= dict.fromkeys(("PublishCopy", "PutReport"), COPY_TOPICS)
    if "WaitForScan" in definition["States"]:
        seconds["WaitForScan"] = WATCH_MINUTES.most * 60.0
    if "WaitForEnd" in definition["States"]:
        seconds["WaitForEnd"] = GATHER_MINUTES.most * 60.0
    for name, state in tasks(definition):
        retries = state.get("Retry", [])
        tries = 1 + sum(
            retrier["MaxAttempts"]
            for retrier in retries
            if retrier["ErrorEquals"] != ["Lambda.TooManyRequestsException"]
        )
        pauses = sum(sum(list_delays(retrier)) for retrier in retries)
        seconds[name] = tries * state.get("TimeoutSeconds", 60) + pauses
    return sum(spent * loop.get(name, 1) for name, spent in seconds.items())


def list_delays(retrier: Mapping[str, Any]) -> list[float]:
    """The longest pause before each retry, in seconds."""
    first, rate = retrier.get("IntervalSeconds", 1), retrier.get("BackoffRate", 2)
    most = retrier.get("MaxDelaySeconds", 60)
    return [min(first * rate**number, most) for number in range(retrier["MaxAttempts"])]


def retries_are_spread(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if not state.get("Retry"):
            yield f"{name}: no Retry"
        for retrier in state.get("Retry", []):
            spread = retrier.get("MaxAttempts") == 0 or (
                retrier.get("JitterStrategy") == "FULL"
                and retrier.get("BackoffRate", 2) > 1
                and retrier.get("MaxAttempts", 3) >= 1
                and retrier.get("IntervalSeconds", 1) <= retrier.get("MaxDelaySeconds", 0)
            )
            if not spread:
                yield f"{name}: retries at once, for ever or never: {retrier}"


def errors_are_known(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        for error in sorted(_errors(state, "Retry") | _errors(state, "Catch")):
            if error not in OWN_ERRORS and not SERVICE_ERRORS.fullmatch(error):
                yield f"{name}: no such error {error}"


def retries_after(state: Mapping[str, Any], error: str) -> int:
    """How often the state retries after this error: the first retrier that matches counts."""
    for retrier in state.get("Retry", []):
        names = retrier["ErrorEquals"]
        if error in names or ("States.TaskFailed" in names and error != "States.Timeout"):
            return int(retrier["MaxAttempts"])
    return 0


def errors_are_retried_if_they_pass(definition: Definition) -> Complaints:
    for name, state in tasks(definition):
        if "States.ALL" in _errors(state, "Retry"):
            yield f"{name}: retries everything"
        wanted = OWN_RETRIES.get(name, RETRIES)
        for error, (least, most) in wanted.items() if name in TIMEOUTS else ():
            asks = name in ("FetchFindings", "FindUnscanned", "GatherDigest", *OWN_RETRIES)
            refuses = not asks and error in OWN_ERRORS
            if not refuses and not least <= retries_after(state, error) <= most:
                yield f"{name}: retries {retries_after(state, error)} times after {error}"


def a_publish_that_may_be_out_is_repeated_only_by_the_fallback(
    definition: Definition,
) -> Complaints:
    for name, state in tasks(definition):
        once = name in ("PublishMessage", "PublishGathered", "PublishSummary", "PublishDigest")
        if once and _errors(state, "Retry") != {"States.TaskFailed"}:
            yield f"{name}: may publish twice"
        if name == "PublishBrief" and not retries_after(state, "States.Timeout"):
            yield f"{name}: may publish nothing"


def _errors(state: Mapping[str, Any], field: str) -> set[str]:
    return {error for handler in state.get(field, []) for error in handler["ErrorEquals"]}


RETRY_CONTRACTS: tuple[Callable[[Definition], Complaints], ...] = (
    tasks_end_in_time,
    retries_are_spread,
    errors_are_known,
    errors_are_retried_if_they_pass,
    a_publish_that_may_be_out_is_repeated_only_by_the_fallback,
)
