"""digest_gathering: windows and claims of the memory, with the double for Inspector."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double
from scan_brief.aws import inspector, memory
from scan_brief.aws.asked_memory import AskedMemory
from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.held import HeldItems, make_item
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.digest_images import describe_image
from scan_brief.model import HeldBack
from scan_brief.scan.errors import InvalidRequest
from tests.unit.aws_calls.digest_runs import (
    DAY,
    HOUR,
    MINUTE,
    ONE,
    TWO,
    ConditionalTable,
    Run,
    remember,
    total,
)
from tests.unit.builders import make_package
from tests.unit.findings.digest_builders import UNTIL, digest_of, new_finding


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> ConditionalTable:
    made = ConditionalTable()
    monkeypatch.setattr(memory, "_connect", lambda: made)
    return made


@pytest.fixture
def client(aws_environment: None, double: Inspector2Double) -> Iterator[Any]:
    with closing(inspector.connect()) as connected:
        yield connected


@pytest.fixture
def run(client: Any, double: Inspector2Double, table: ConditionalTable) -> Run:
    double.findings = []
    return Run(client, double)


def test_a_missed_run_is_made_up_and_nothing_is_reported_twice(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    assert run.tell(UNTIL) == 1
    run.observe(new_finding(2, at=UNTIL + HOUR), new_finding(3, at=UNTIL + 3 * DAY))
    assert run.tell(UNTIL + 4 * DAY) == 2
    assert run.tell(UNTIL + 5 * DAY) == 0


def test_what_was_not_published_is_reported_by_the_next_run(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    for days in (0, 1, 2):  # also if it is the first one
        assert total(run.gather(UNTIL + days * DAY)) == 1
    assert run.tell(UNTIL + 3 * DAY) == 1
    run.observe(new_finding(2, at=UNTIL + 4 * DAY))
    assert total(run.gather(UNTIL + 5 * DAY)) == 1
    assert run.tell(UNTIL + 9 * DAY) == 1


def test_a_second_delivery_tells_nothing(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    first = run.gather(UNTIL, execution="one", scheduled=UNTIL)
    second = run.gather(UNTIL + MINUTE, execution="two", scheduled=UNTIL)
    assert (total(first), second["digest"], second["remember"]) == (1, None, None)
    assert second["why"] == "another execution reports this"
    redriven = run.gather(UNTIL + 2 * MINUTE, execution="one", scheduled=UNTIL)
    assert redriven["remember"]
    assert remember(redriven["remember"], UNTIL)
    late = run.gather(UNTIL + 3 * MINUTE, execution="three", scheduled=UNTIL, quiet=True)
    assert (late["digest"], late["why"]) == (None, "this run was reported already")


def test_a_claim_of_an_execution_that_failed_ends(run: Run) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR))
    run.gather(UNTIL, execution="one")
    assert run.gather(UNTIL + 14 * MINUTE, execution="two")["digest"] is None
    assert total(run.gather(UNTIL + 16 * MINUTE, execution="three")) == 1


def test_a_slow_execution_does_not_move_the_memory_back(run: Run) -> None:
    run.tell(UNTIL - DAY)
    slow = run.gather(UNTIL, execution="slow")
    assert run.tell(UNTIL + DAY, execution="fast") == 0
    assert slow["remember"]
    moved = remember(slow["remember"], UNTIL)
    run.observe(new_finding(1, at=UNTIL + HOUR))
    assert not moved
    assert run.tell(UNTIL + DAY + HOUR) == 0


def test_nothing_new_moves_the_memory_on(run: Run) -> None:
    quiet = run.gather(UNTIL)
    assert (quiet["digest"], quiet["why"]) == (None, "nothing is new")
    assert quiet["remember"]
    asked = run.gather(UNTIL, quiet=True, execution="other")
    assert asked["digest"] is None
    remember(quiet["remember"], UNTIL)
    reported = run.gather(UNTIL + DAY, quiet=True)
    assert reported["digest"]
    assert reported["digest"]["allQuiet"]


def test_without_a_memory_a_digest_tells_one_period_and_says_so(
    run: Run, table: ConditionalTable
) -> None:
    run.observe(new_finding(1, at=UNTIL - HOUR), new_finding(2, at=UNTIL - 2 * DAY))
    run.tell(UNTIL - 5 * DAY)
    table.lost = True
    lost = run.gather(UNTIL)
    assert lost["digest"]
    assert (lost["digest"]["memoryLost"], total(lost)) == ("NOT_READABLE", 1)
    table.lost = False
    assert lost["remember"]
    assert remember(lost["remember"], UNTIL)
    assert run.tell(UNTIL + HOUR) == 0


def test_a_repository_that_moves_goes_on_from_its_own_last_window(run: Run) -> None:
    run.observe(new_finding(1, "team/a", at=UNTIL - HOUR), new_finding(2, "web", at=UNTIL - HOUR))
    assert run.tell(UNTIL) == 2
    run.observe(new_finding(3, "team/a", at=UNTIL + HOUR), new_finding(4, "web", at=UNTIL + HOUR))
    # The repository has an audience of its own now, whose digest comes after the old one's.
    assert run.tell(UNTIL + DAY, audience="a", audiences=TWO) == 1
    run.observe(new_finding(5, "team/a", at=UNTIL + 2 * DAY))
    assert run.tell(UNTIL + 3 * DAY, audience="b", audiences=TWO) == 2
    # And back.
    at = UNTIL + 4 * DAY
    run.observe(new_finding(6, "team/a", at=at), new_finding(7, "web", at=at))
    assert run.tell(UNTIL + 5 * DAY, audience="a", audiences=ONE) == 2


def test_the_answer_has_what_format_message_and_the_filters_need(run: Run) -> None:
    run.observe(new_finding(1, "team/a", at=UNTIL - HOUR))
    result = run.gather(UNTIL, audience="b", audiences=TWO)
    assert result["preferences"] == '{"*": {"language": "ja", "timeZone": "Asia/Tokyo"}}'
    assert result["digest"]
    assert result["digest"]["arns"] == ["arn:aws:ecr:eu-central-1:111122223333:repository/team/*"]


@pytest.mark.parametrize("audience", ["none", None, 7])
def test_an_audience_that_is_gone_is_named(run: Run, audience: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"^audience: given .*; accepted: one of a, b"):
        run.gather(UNTIL, audience=audience, audiences=TWO)


@pytest.mark.parametrize(
    "routes", [["team/a", *(f"app-{n}" for n in range(25))], ["te*", "team/*"], ["*", "team/a"]]
)
def test_every_route_is_listed(run: Run, routes: list[str]) -> None:
    at = UNTIL - HOUR
    run.observe(new_finding(1, "team/a", at=at), new_finding(2, "app-24", at=at))
    audiences = f'{{"a": {{"routes": {routes}, "language": "en", "timeZone": "UTC"}}}}'
    expected = 1 if routes == ["te*", "team/*"] else 2
    assert run.tell(UNTIL, audiences=audiences.replace("'", '"')) == expected


def test_times_are_of_utc(run: Run) -> None:
    result = run.gather(datetime(2026, 2, 2, 8, 0, 0, 999_999, tzinfo=UTC))
    assert result["remember"]
    assert result["remember"]["window"]["until"] == "2026-02-02T08:00:00Z"


def unfixed(number: int, **members: Any) -> dict[str, Any]:
    """A finding without a fix, which Inspector looked at when it was first observed."""
    own = {"fixAvailable": "NO", "updatedAt": (UNTIL - 9 * DAY).timestamp()}
    package = {"vulnerablePackages": [make_package(fixedInVersion="NotAvailable")]}
    return new_finding(number, **{"at": UNTIL - 9 * DAY, "details": package, **own, **members})


def fixed(number: int, changed: datetime, **members: Any) -> dict[str, Any]:
    own = {"at": UNTIL - 9 * DAY, "updatedAt": changed.timestamp()}
    return new_finding(number, **{**own, **members})


def replace(run: Run, *findings: dict[str, Any]) -> None:
    run.double.findings = []
    run.observe(*findings)


def test_a_fix_that_came_is_reported_once(run: Run) -> None:
    run.observe(unfixed(1), unfixed(2), unfixed(3, image="b"))
    assert run.tell(UNTIL) == 0
    at = UNTIL + HOUR
    other = fixed(3, at, repository="other")
    replace(run, fixed(1, at), unfixed(2), fixed(1, at, image="b"), other)
    digest = run.gather(UNTIL + DAY)["digest"]
    assert digest
    assert (digest["total"], digest["allQuiet"]) == (0, False)
    assert digest["fixes"] == [
        {
            "repository": "sample-app",
            "id": "CVE-2026-0001",
            "severity": "HIGH",
            "package": "openssl",
            "fixedIn": "3.0.2",
            "images": 2,
        }
    ]
    assert run.tell(UNTIL + DAY + HOUR) == 0
    replace(run, fixed(1, UNTIL + 2 * DAY), fixed(2, UNTIL + 2 * DAY))
    again = run.gather(UNTIL + 3 * DAY)["digest"]
    assert again
    assert [each["id"] for each in again["fixes"]] == ["CVE-2026-0002"]


def test_a_finding_that_was_new_without_a_fix_is_known_for_its_fix(run: Run) -> None:
    run.tell(UNTIL - DAY)
    run.observe(unfixed(1, at=UNTIL - HOUR))
    assert run.tell(UNTIL) == 1
    replace(run, fixed(1, UNTIL + HOUR, at=UNTIL - HOUR))
    digest = run.gather(UNTIL + DAY)["digest"]
    assert digest
    assert [each["id"] for each in digest["fixes"]] == ["CVE-2026-0001"]


def test_a_fix_in_one_image_is_no_fix_that_came_for_another(run: Run) -> None:
    run.observe(unfixed(9))
    run.tell(UNTIL - DAY)
    run.observe(unfixed(1, at=UNTIL - HOUR), fixed(1, UNTIL - HOUR, image="b"))
    digest = run.gather(UNTIL)["digest"]
    assert digest
    assert (digest["total"], digest["fixes"]) == (1, [])
    run.tell(UNTIL)
    replace(run, fixed(1, UNTIL + HOUR))
    later = run.gather(UNTIL + DAY)["digest"]
    assert later
    assert len(later["fixes"]) == 1


def test_a_fix_is_reported_where_its_repository_is_now(run: Run) -> None:
    run.observe(unfixed(1, repository="team/a"))
    run.tell(UNTIL)
    replace(run, fixed(1, UNTIL + HOUR, repository="team/a"))
    for audience, fixes in (("a", 0), ("b", 1)):
        digest = run.gather(UNTIL + DAY, audience=audience, audiences=TWO, quiet=True)["digest"]
        assert digest
        assert len(digest["fixes"]) == fixes


def exploit(run: Run, number: int, due: datetime) -> None:
    arns = [
        finding["findingArn"]
        for finding in run.double.findings
        if finding["packageVulnerabilityDetails"]["vulnerabilityId"] == f"CVE-2026-{number:04}"
    ]
    cisa = {"action": "x", "dateAdded": 1.0, "dateDue": due.timestamp()}
    run.double.details = [{"findingArn": arn, "cisaData": cisa} for arn in arns]


def test_what_is_known_exploited_and_open_after_its_date_is_overdue(run: Run) -> None:
    run.observe(
        new_finding(1, at=UNTIL - HOUR),
        new_finding(1, "team/a", "b", at=UNTIL - HOUR),
        new_finding(2, at=UNTIL - HOUR),
    )
    exploit(run, 1, UNTIL + 3 * DAY)
    first = run.gather(UNTIL)["digest"]
    assert first
    assert (first["knownExploited"], first["overdue"]) == (2, [])
    run.tell(UNTIL)
    assert run.gather(UNTIL + 3 * DAY)["digest"] is None  # the day itself is not over
    late = run.gather(UNTIL + 4 * DAY)["digest"]
    assert late
    day = UNTIL + 3 * DAY
    assert late["overdue"] == [
        {
            "id": "CVE-2026-0001",
            "dueDate": f"{day:%Y-%m-%d}",
            "repositories": ["sample-app", "team/a"],
            "repositoriesOmitted": 0,
            "images": 2,
        }
    ]
    run.tell(UNTIL + 4 * DAY + HOUR)
    assert run.gather(UNTIL + 6 * DAY)["digest"] is None  # no news any more
    quiet = run.gather(UNTIL + 7 * DAY, quiet=True, execution="quiet")["digest"]
    assert quiet
    assert len(quiet["overdue"]) == 1
    run.double.findings = []
    closed = run.gather(UNTIL + 7 * DAY, quiet=True, execution="quiet")["digest"]
    assert closed
    assert closed["overdue"] == []


def inactive(image: str, reason: str, *names: str, **of: Any) -> dict[str, Any]:
    repository, *tags = names or ("sample-app", "1")
    arn = "arn:aws:ecr:eu-central-1:111122223333:repository"
    return {
        "resourceType": "AWS_ECR_CONTAINER_IMAGE",
        "resourceId": f"{arn}/{repository}/{digest_of(image)}",
        "accountId": "111122223333",
        "scanType": "PACKAGE",
        "scanStatus": {"statusCode": "INACTIVE", "reason": reason},
        "lastScannedAt": (UNTIL - DAY).timestamp(),
        "resourceMetadata": {
            "ecrRepository": {"name": repository},
            "ecrImage": {"tags": tags, **of},
        },
    }


def test_images_that_fell_out_of_watch_are_news_once(run: Run) -> None:
    used = {"inUseCount": 1}
    run.double.coverage = [
        inactive("a", "SCAN_ELIGIBILITY_EXPIRED", **used),
        inactive("b", "SCAN_ELIGIBILITY_EXPIRED"),  # neither in use nor the last one
        inactive("c", "ACCESS_DENIED"),
        inactive("d", "UNSUPPORTED_OS", "sample-app"),  # an attestation, perhaps
        inactive("2", "INTERNAL_ERROR", "sample-app", **used),
        inactive("e", "IMAGE_ARCHIVED", **used),
        inactive("f", "RESOURCE_TERMINATED", **used),
    ]
    digest = run.gather(UNTIL)["digest"]
    assert digest
    assert digest["fellOut"] == [
        {
            **describe_image("sample-app", digest_of("a"), ["1"]),
            "reason": "SCAN_ELIGIBILITY_EXPIRED",
            "lastScannedAt": "2026-02-01T08:00:00Z",
        }
    ]
    assert [each["reason"] for each in digest["unscanned"]] == ["INTERNAL_ERROR", "ACCESS_DENIED"]
    run.tell(UNTIL)
    assert run.gather(UNTIL + DAY)["digest"] is None
    run.double.coverage = [*run.double.coverage, inactive("1", "SCAN_FREQUENCY_MANUAL", **used)]
    more = run.gather(UNTIL + DAY + HOUR)["digest"]
    assert more
    assert [each["digest"] for each in more["fellOut"]] == [digest_of("1")]


@pytest.mark.parametrize("route", ["sample-app", "sam*"])
def test_coverage_of_other_repositories_is_left_out(run: Run, route: str) -> None:
    used = {"inUseCount": 1}
    run.double.coverage = [
        inactive("a", "SCAN_ELIGIBILITY_EXPIRED", **used),
        inactive("a", "SCAN_ELIGIBILITY_EXPIRED", "other", **used),
    ]
    digest = run.gather(UNTIL, audiences=ONE.replace("*", route))["digest"]
    assert digest
    assert [each["repository"] for each in digest["fellOut"]] == ["sample-app"]


def test_what_the_cap_held_back_is_in_the_digest(run: Run, table: ConditionalTable) -> None:
    for number, repository in enumerate(("team/a", "web"), start=1):
        image = describe_image(repository, digest_of("a"), ["1"])
        held: HeldBack = {
            "id": f"CVE-{number}",
            "severity": "CRITICAL",
            "knownExploited": False,
            "image": image,
        }
        item = make_item(held, UNTIL - HOUR)
        table.items[item["key"]["S"], item["part"]["S"]] = item
    result = run.gather(UNTIL, audience="b", audiences=TWO)
    digest, mark = result["digest"], result["remember"]
    assert digest
    assert mark
    assert [each["image"]["repository"] for each in digest["heldBack"]] == ["team/a"]
    assert mark["held"]


def test_what_was_held_back_and_cannot_be_read_waits_for_the_next_digest(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryLost("THROTTLED")

    monkeypatch.setattr(HeldItems, "list_held", fail)
    mark = run.gather(UNTIL)["remember"]
    assert mark
    assert "held" not in mark


@pytest.mark.parametrize("held", [{"held": True}, {}])
def test_only_what_a_digest_has_is_taken_away(
    monkeypatch: pytest.MonkeyPatch, held: dict[str, bool]
) -> None:
    monkeypatch.setenv("MEMORY_TABLE", "table")
    handler: Any = importlib.import_module("scan_brief.handlers.remember_digest")
    taken: list[datetime] = []
    monkeypatch.setattr(DigestMemory, "move_digest", lambda *_: True)
    monkeypatch.setattr(HeldItems, "take_held", lambda _, until, __: taken.append(until))
    window = {"until": f"{UNTIL:%Y-%m-%dT%H:%M:%SZ}", "routes": ["*"], "others": []}
    mark = {"audience": "a", "window": window, **held}
    assert handler.handle({"remember": mark}, None) == {"moved": True}
    assert taken == ([UNTIL] if held else [])


def test_what_chats_ignore_is_no_news(run: Run) -> None:
    AskedMemory("table").keep(
        {
            "repository": "sample-app",
            "id": "cve-2026-0001",
            "package": None,
            "reason": "no way",
            "until": f"{UNTIL + DAY:%Y-%m-%dT%H:%M:%SZ}",
            "askedBy": None,
        }
    )
    at = UNTIL - HOUR
    run.observe(new_finding(1, at=at), new_finding(2, at=at), new_finding(1, "other", "b", at=at))
    digest = run.gather(UNTIL)["digest"]
    assert digest
    assert {(group["repository"], *group["ids"]) for group in digest["groups"]} == {
        ("sample-app", "CVE-2026-0002"),
        ("other", "CVE-2026-0001"),
    }
