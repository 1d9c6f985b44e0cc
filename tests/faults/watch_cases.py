"""The table of the watchdog, the door, the lookups and the memory."""

from __future__ import annotations

from typing import Any

from local.inspector2_double import (
    Denied,
    Hang,
    Reset,
    ServerError,
    Slow,
    Spoiled,
    Throttle,
    Truncated,
)
from local.inspector2_double.faults import Fault
from tests.faults.cases import ALWAYS, BRIEF, CRASHES, FIRST, Brief, Case, Fallback
from tests.faults.data_cases import drop, put

WATCHDOG, FEW_WATCHES = "watchdog", "watchdog few retries"
DOOR, FEW_STARTS = "door", "door few retries"
WITHOUT_MEMORY, MEMORY_GONE = "without memory", "memory gone"
COVERAGE, STATUS = "ListCoverage", "BatchGetAccountStatus"
SHORT_OF_PATIENCE = {"patience": ("short", ALWAYS)}


def notice(says: str) -> Brief:
    return Brief(
        attributes={"kind": "NOT_SCANNED", "severity": "UNKNOWN"},
        subject="NOT SCANNED · sample-app",
        says=says,
    )


DENIED = notice("denies Amazon Inspector access to the image")
NOT_COVERED = notice("no rule of the registry's enhanced scanning covers")
NOT_KNOWN = notice("Amazon Inspector does not know the image")


def not_watched(reason: str) -> Fallback:
    return Fallback(reason=reason, error="NotWatched")


def faults_of(operation: str) -> dict[str, tuple[Fault, Fault]]:
    """Each fault once and always."""
    of: Any = {"operation": operation}
    return {
        "throttled": (Throttle(calls=FIRST, **of), Throttle(**of)),
        "server-error": (ServerError(calls=FIRST, **of), ServerError(**of)),
        "denied": (Denied(calls=FIRST, **of), Denied(**of)),
        "timeout": (Hang(calls=FIRST, **of), Hang(**of)),
        "reset": (Reset(calls=FIRST, **of), Reset(**of)),
        "cut": (Truncated(calls=FIRST, **of), Truncated(**of)),
        "half-a-page": (
            Spoiled(calls=FIRST, how="half JSON", **of),
            Spoiled(how="half JSON", **of),
        ),
        "slow": (Slow(calls=FIRST, seconds=1, **of), Slow(seconds=1, **of)),
    }


def how_coverage_ends(name: str, when: str) -> tuple[Brief | Fallback, str]:
    if name == "denied":
        return not_watched("InspectorRefused"), "InspectorRefused"
    if when == "once" or name == "slow":
        return DENIED, ""
    error = "InspectorThrottled" if name == "throttled" else "InspectorUnavailable"
    return not_watched(error), f"{error}+"


WATCHDOG_CASES = [
    *(
        Case(
            name=f"watchdog-coverage-{name}-{when}",
            faults=(fault,),
            planned=SHORT_OF_PATIENCE if name == "timeout" else {},
            machine=WATCHDOG if when == "once" else FEW_WATCHES,
            coverage="ACCESS_DENIED",
            end=how_coverage_ends(name, when)[0],
            failed=how_coverage_ends(name, when)[1],
        )
        for name, faults in faults_of(COVERAGE).items()
        for when, fault in zip(("once", "always"), faults, strict=True)
    ),
    *(
        Case(
            name=f"watchdog-status-{name}-{when}",
            faults=(fault,),
            planned=SHORT_OF_PATIENCE if name == "timeout" else {},
            machine=WATCHDOG,
            coverage="",
            end=NOT_COVERED,
        )
        for name, faults in faults_of(STATUS).items()
        for when, fault in zip(("once", "always"), faults, strict=True)
    ),
    # botocore tries again what passes; without an answer, only the better reason is missing.
    *(
        Case(
            name=f"watchdog-registry-{name}-{when}",
            registry=(fault,),
            machine=WATCHDOG,
            coverage="",
            end=end,
        )
        for name, faults in faults_of(STATUS).items()
        if name != "timeout"  # its 5 s cannot be shortened here: tests/unit/aws_calls
        for when, fault in zip(("once", "always"), faults, strict=True)
        for end in [
            NOT_COVERED
            if name == "slow" or (when == "once" and name not in ("denied", "half-a-page"))
            else NOT_KNOWN
        ]
    ),
    *(
        Case(
            name=f"watchdog-{fault}-{when}".replace(" ", "-"),
            planned={"FindUnscanned": (fault, times)},
            machine=WATCHDOG,
            coverage="ACCESS_DENIED",
            end=end,
            failed=error + more,
        )
        for fault, error in CRASHES.items()
        for when, times, end, more in (
            ("once", 1, DENIED, ""),
            ("always", ALWAYS, not_watched(error), "+"),
        )
    ),
    *(
        Case(
            name=f"watchdog-start-refused-{when}",
            planned={"StartExecution": ("StepFunctions.ThrottlingException", times)},
            machine=FEW_WATCHES,
            coverage="ACCESS_DENIED",
            end=end,
            failed="StepFunctions.ThrottlingException" + more,
        )
        for when, times, end, more in (
            ("once", 1, DENIED, ""),
            ("always", ALWAYS, not_watched("ThrottlingException"), "+"),
        )
    ),
    Case(name="watchdog-lost-event", machine=WATCHDOG, coverage="SUCCESSFUL", end=BRIEF),
    Case(
        name="watchdog-notice-publish-fails-once",
        planned={"PublishMessage": ("unavailable", 1)},
        machine=WATCHDOG,
        coverage="ACCESS_DENIED",
        end=DENIED,
        failed="SNS.PublishFailed",
    ),
    Case(
        name="watchdog-notice-publish-fails-always",
        planned={"PublishMessage": ("unavailable", ALWAYS)},
        machine=WATCHDOG,
        coverage="ACCESS_DENIED",
        end=Fallback(reason="SNS.PublishFailed"),
        failed="SNS.PublishFailed+",
    ),
]
REPOSITORY = "detail.repository-name"
DOOR_CASES = [
    Case(name="door-delivered", machine=DOOR, end=BRIEF),
    Case(name="door-delivered-three-times", machine=DOOR, deliveries=(0, 0, 0), end=BRIEF),
    Case(name="door-late", machine=DOOR, deliveries=(-2,), end=BRIEF),
    Case(name="door-late-copy", machine=DOOR, deliveries=(0, 2), end=BRIEF),
    Case(name="door-reordered", machine=DOOR, deliveries=(2, 0), end=BRIEF),
    *(
        Case(
            name=f"door-start-refused-{when}",
            machine=FEW_STARTS,
            planned={"StartExecution": ("StepFunctions.ThrottlingException", times)},
            end=end,
            failed="StepFunctions.ThrottlingException" + more,
        )
        for when, times, end, more in (
            ("once", 1, BRIEF, ""),
            ("always", ALWAYS, Fallback(reason="ThrottlingException", error="NotStarted"), "+"),
        )
    ),
    Case(
        name="door-fallback-start-refused-once",
        machine=FEW_STARTS,
        planned={
            "StartExecution": ("StepFunctions.ThrottlingException", ALWAYS),
            "StartFallback": ("StepFunctions.ThrottlingException", 1),
        },
        end=Fallback(reason="ThrottlingException", error="NotStarted"),
        failed="StepFunctions.ThrottlingException+",
    ),
    *(
        Case(
            name=f"door-event-{name}",
            machine=DOOR,
            change=change,
            end=Fallback(reason=f"UnreadableEvent: {named}: given ", cause=f"{named}: given "),
        )
        for name, change, named in (
            ("no-repository", drop(REPOSITORY), REPOSITORY),
            ("odd-repository", put(REPOSITORY, ["sample-app"]), REPOSITORY),
            ("odd-time", put("time", "yesterday"), "time"),
            ("another-account", put("account", "444455556666"), "account"),
            ("no-region", drop("region"), "region"),
        )
    ),
]
DETAILS = "BatchGetFindingDetails"
LOOKUP_CASES = [
    *(
        Case(
            name=f"lookup-{name}-{when}",
            faults=(fault,),
            machine=WITHOUT_MEMORY,
            end=Brief(says=f"Amazon Inspector {said}") if when in lasting else BRIEF,
        )
        for name, faults in faults_of(DETAILS).items()
        for said in [
            {"throttled": "throttles the requests", "denied": "denies BatchGet"}.get(
                name, "did not answer"
            )
        ]
        for lasting in [("once", "always") if name == "denied" else ("always",)]
        if name in ("throttled", "server-error", "denied", "reset", "cut")
        for when, fault in zip(("once", "always"), faults, strict=True)
    ),
    *(
        Case(
            name=f"layers-{name}-always",
            faults=(faults_of("ListFindingAggregations")[name][1],),
            machine=WITHOUT_MEMORY,
            end=BRIEF,
        )
        for name in ("throttled", "denied", "cut")
    ),
    *(
        Case(
            name=f"clusters-{name}-always",
            faults=(faults_of("GetClustersForImage")[name][1],),
            machine=WITHOUT_MEMORY,
            end=BRIEF,
        )
        for name in ("throttled", "denied", "cut")
    ),
]
MEMORY_CASES = [
    Case(
        name="memory-gone",
        machine=MEMORY_GONE,
        end=Brief(says="the memory could not be read"),
    ),
    *(
        Case(
            name=f"remember-{fault}-{when}".replace(" ", "-"),
            planned={"RememberBrief": (fault, times)},
            end=BRIEF,
            failed=error + more,
        )
        for fault, error in CRASHES.items()
        for when, times, more in (("once", 1, ""), ("always", ALWAYS, "+"))
    ),
]
