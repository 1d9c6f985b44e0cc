"""The table: a fault, once or always, and how its execution must end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from local.inspector2_double import (
    AppearAt,
    Denied,
    ExpiredToken,
    InvalidFilter,
    RepeatedToken,
    Reset,
    ServerError,
    Spoiled,
    Throttle,
    Truncated,
)
from local.inspector2_double.faults import Fault

Event = dict[str, Any]
FIRST, SECOND, THIRD = [1], [2], [3]  # calls of an operation


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One brief, SUCCEEDED. attributes: of its message. says: in its text."""

    attributes: Mapping[str, str] = field(
        default_factory=lambda: {"kind": "FINDINGS", "severity": "CRITICAL", "total": "60"}
    )
    subject: str = "CRITICAL 13 · sample-app"
    says: str = "Critical 13 · High 18 · Medium 18"


@dataclass(frozen=True, kw_only=True)
class Fallback:
    """One fallback brief and FAILED.

    reason: in its text. cause and error: of the execution.
    """

    reason: str
    cause: str = ""
    error: str = "DetailsUnavailable"


@dataclass(frozen=True, kw_only=True)
class Nothing:
    """No message, and FAILED. error: of the execution. cause: in its cause."""

    error: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fault run of one image.

    faults: of Inspector. registry: of ECR's GetRegistryScanningConfiguration, written as those of
    BatchGetAccountStatus. coverage: the reason in ListCoverage, "" for an image that is not listed.
    deliveries: of the event, in hours after the sample's. planned: of a state, the fault and how
    often. copies: of the sample's 60 findings. machine: which of the run's machines. ignored: the
    list of ignored findings in the function's bundle, which has one entry according to the
    environment. failed: the errors of tasks in the history, in order; a name with + stands for
    several in a row.
    """

    name: str
    end: Brief | Fallback | Nothing
    faults: tuple[Fault | AppearAt, ...] = ()
    planned: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    copies: int = 1
    change: Callable[[Event], object] = lambda event: event
    findings: Callable[[list[Event]], list[Event]] = lambda findings: findings
    proxied: Mapping[str, Any] | None = None
    machine: str = "deployed"
    registry: tuple[Fault, ...] = ()
    coverage: str | None = None
    deliveries: tuple[int, ...] = (0,)
    ignored: str = ""
    failed: str = ""

    @property
    def starts(self) -> str:
        """The state machine: brief, door or watchdog."""
        first, _, _ = self.machine.partition(" ")
        return first if first in ("door", "watchdog") else "brief"

    @property
    def digest(self) -> str:
        """The image of this run."""
        return f"sha256:{sha256(self.name.encode()).hexdigest()}"


BRIEF = Brief()
LONG = Brief(
    attributes={"kind": "FINDINGS", "severity": "CRITICAL", "total": "300"},
    subject="CRITICAL 65 · sample-app",
    says="Critical 65 · High 90 · Medium 90",
)
ALWAYS = 10_000
PASSING: dict[str, tuple[Fault, Fault]] = {
    "throttled": (Throttle(calls=FIRST), Throttle()),
    "throttled-with-retry-after": (
        Throttle(calls=FIRST, retry_after=7),
        Throttle(retry_after=7),
    ),
    "server-error": (ServerError(calls=FIRST), ServerError()),
    "reset": (Reset(calls=FIRST), Reset()),
    "cut": (Truncated(calls=FIRST), Truncated()),
    **{
        f"page-{how}".replace(" ", "-"): (Spoiled(calls=FIRST, how=how), Spoiled(how=how))
        for how in ("cut", "empty", "html", "half JSON", "without rows", "null")
    },
}
LATER_PAGES: dict[str, tuple[Fault, Fault]] = {
    "later-page-throttled": (Throttle(calls=SECOND), Throttle(calls=range(2, ALWAYS))),
    "later-page-cut": (Truncated(calls=SECOND), Truncated(calls=range(2, ALWAYS))),
    "expired-token": (ExpiredToken(calls=SECOND), ExpiredToken()),
}
# The other faults that never end are retried twice, not 17 or 48 times, to save time.
ALL_RETRIES = ("server-error",)
FEW_RETRIES = "few retries"
LASTING: dict[str, tuple[Fault, Fault]] = {
    "denied": (Denied(calls=FIRST), Denied()),
    "invalid-filter": (InvalidFilter(calls=FIRST), InvalidFilter()),
}
UNAVAILABLE = Fallback(reason="InspectorUnavailable")
THROTTLED = Fallback(reason="InspectorThrottled")
REFUSED = Fallback(reason="InspectorRefused")
INSPECTOR_CASES = [
    *(
        Case(
            name=f"{name}-{when}",
            faults=(fault,),
            copies=copies,
            machine="deployed" if when == "once" or name in ALL_RETRIES else FEW_RETRIES,
            end=end,
            failed=failed,
        )
        for table, copies, brief in ((PASSING, 1, BRIEF), (LATER_PAGES, 5, LONG))
        for name, faults in table.items()
        for when, fault, end, failed in (
            ("once", faults[0], brief, ""),
            (
                "always",
                faults[1],
                THROTTLED if "throttled" in name else UNAVAILABLE,
                "InspectorThrottled+" if "throttled" in name else "InspectorUnavailable+",
            ),
        )
    ),
    *(
        Case(
            name=f"{name}-{when}",
            faults=(fault,),
            end=REFUSED,
            failed="InspectorRefused",
        )
        for name, faults in LASTING.items()
        for when, fault in zip(("once", "always"), faults, strict=True)
    ),
]


def of_two_accounts(findings: list[Event]) -> list[Event]:
    """Findings that cannot be listed in short parts by their ARN, which would need no token."""
    return [
        {
            **finding,
            "findingArn": finding["findingArn"].replace(
                "111122223333", ("111122223333", "444455556666")[number % 2]
            ),
        }
        for number, finding in enumerate(findings)
    ]


TOKEN_CASES = [
    Case(name="repeated-token-once", faults=(RepeatedToken(calls=SECOND),), copies=5, end=LONG),
    Case(
        name="repeated-token-always",
        faults=(RepeatedToken(),),
        copies=8,
        findings=of_two_accounts,
        machine=FEW_RETRIES,
        end=UNAVAILABLE,
        failed="InspectorUnavailable+",
    ),
]
CRASHES = {
    "exit": "Runtime.ExitError",
    "out of memory": "Runtime.ExitError",
    "exception": "RuntimeError",
}
FUNCTION_CASES = [
    *(
        Case(
            name=f"{state}-{fault}-{when}".replace(" ", "-"),
            planned={state: (fault, times)},
            end=end,
            failed=error + more,
        )
        for state in ("FetchFindings", "FormatMessage")
        for fault, error in CRASHES.items()
        for when, times, end, more in (
            ("once", 1, BRIEF, ""),
            ("always", ALWAYS, Fallback(reason=error), "+"),
        )
    ),
    *(
        Case(
            name=f"out-of-time-{when}",
            planned={"FetchFindings": ("out of time", times)},
            machine="short of time",
            end=end,
            failed="Sandbox.Timedout" + more,
        )
        for when, times, end, more in (
            ("once", 1, BRIEF, ""),
            ("always", ALWAYS, Fallback(reason="Sandbox.Timedout"), "+"),
        )
    ),
    *(
        Case(
            name=f"import-error-{when}",
            machine=f"import error {when}",
            planned={"init": ("import error", times)},
            end=end,
            failed="Runtime.ImportModuleError" + more,
        )
        for when, times, end, more in (
            ("once", 1, BRIEF, ""),
            ("always", ALWAYS, Fallback(reason="Runtime.ImportModuleError"), "+"),
        )
    ),
]
PUBLISH_CASES = [
    Case(
        name="publish-fails-once",
        planned={"PublishMessage": ("unavailable", 1)},
        end=BRIEF,
        failed="SNS.PublishFailed",
    ),
    Case(
        name="publish-fails-always",
        planned={"PublishMessage": ("unavailable", ALWAYS)},
        end=Fallback(reason="SNS.PublishFailed"),
        failed="SNS.PublishFailed+",
    ),
    Case(
        name="publish-of-fallback-fails-once",
        faults=(Denied(),),
        planned={"PublishBrief": ("unavailable", 1)},
        end=REFUSED,
        failed="InspectorRefused",
    ),
]

MICROBURST = "through microburst"
PROXIED: dict[str, tuple[dict[str, Any], Brief | Fallback]] = {
    "throttled": ({"error": {"code": "ThrottlingException"}}, BRIEF),
    "server-error": ({"error": {"code": "InternalServerException"}}, BRIEF),
    "reset": ({"reset": True}, BRIEF),
    "cut": ({"response": {"abort_frac": 0.5}}, BRIEF),
    "page-cut": ({"response": {"truncate_frac": 0.5}}, BRIEF),
    "denied": ({"error": {"code": "AccessDeniedException"}}, REFUSED),
    "validation": ({"error": {"code": "ValidationException"}}, REFUSED),
}
PROXIED_CASES = [
    Case(
        name=f"microburst-{name}-{when}",
        proxied=rule | times,
        machine=MICROBURST,
        end=end if end is REFUSED or when == "once" else Fallback(reason=error),
        failed="InspectorRefused" if end is REFUSED else "" if when == "once" else f"{error}+",
    )
    for name, (rule, end) in PROXIED.items()
    for when, times in (("once", {"times": 1}), ("always", {}))
    for error in ["InspectorThrottled" if name == "throttled" else "InspectorUnavailable"]
]
IGNORE_CASES = [
    Case(
        name="ignore-list-cut",
        machine="ignore list cut",
        ignored='{"entries": [{"ids": ["CVE-',
        end=Brief(says="WARNING: nothing is ignored: the list of ignored findings"),
    ),
]
