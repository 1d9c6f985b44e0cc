"""`scan-brief doctor` against the deployed stack: which repositories it looks at."""

from __future__ import annotations

import json

from scan_brief.scan.request import Registry
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.notifier import Notifier
from scan_brief_cli.doctor.scanning import check_scanning
from scan_brief_cli.doctor.stack import RULE, Stack
from tests.doctor.doctor_harness import (
    CHECKS,
    REPOSITORIES,
    DoctorHarness,
    assert_only_problem,
    by_name,
)
from tests.gate import Answer


def describe_rule(*names: object) -> Answer:
    """The rule with other repositories."""
    pattern = {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Scan"],
        "detail": {"repository-name": list(names)},
    }
    return Answer({"Name": "x", "State": "ENABLED", "EventPattern": json.dumps(pattern)})


def test_a_repository_that_no_rule_matches(doctor: DoctorHarness) -> None:
    repositories = doctor.client("ecr")
    repositories.create_repository(repositoryName="team/other")
    try:
        status, report = doctor.examine("--repository", "team/other")
    finally:
        repositories.delete_repository(repositoryName="team/other")
    assert status == 1
    found = by_name(report)
    assert found["repository-policy"]["said"].startswith("the repository team/other has no policy")
    assert found["watched"]["verdict"] == "failure"
    assert report["repositories"] == ["team/other"]


def test_without_a_stack_the_repository_is_still_checked(doctor: DoctorHarness) -> None:
    status, report = doctor.examine("--stack-name", "Nothing", "--repository", "sample-app")
    assert status == 1
    assert [check["check"] for check in report["checks"]] == CHECKS[:6]
    assert_only_problem(
        report, "stack", "failure", "there is no stack Nothing in 111122223333 ap-northeast-1"
    )


def test_without_a_stack_or_a_repository_the_report_asks_for_a_name(doctor: DoctorHarness) -> None:
    _, report = doctor.examine("--stack-name", "Nothing")
    found = by_name(report)
    assert list(found) == ["inspector", "registry-scanning", "repository-policy", "stack"]
    assert found["repository-policy"]["advice"] == "name a repository: --repository NAME"


def test_a_repository_that_does_not_exist(doctor: DoctorHarness) -> None:
    _, report = doctor.examine("--repository", "nothing")
    found = by_name(report)
    assert (
        found["repository-policy"]["said"]
        == "there is no repository nothing in 111122223333 ap-northeast-1"
    )
    assert "image" not in found


def test_each_repository_that_the_rules_name_is_checked(doctor: DoctorHarness) -> None:
    doctor.gate.turns["DescribeRule"] = describe_rule(
        f"{REPOSITORIES}/sample-app", f"{REPOSITORIES}/team/other"
    )
    _, report = doctor.examine()
    assert report["repositories"] == ["sample-app", "team/other"]
    names = [check["check"] for check in report["checks"]]
    assert [
        names.count(name) for name in ("registry-scanning", "repository-policy", "watched")
    ] == [2, 2, 2]
    assert (names.count("inspector"), names.count("rule")) == (1, 3)


def test_with_prefix_rules_only_the_stacks_own_repository_is_checked(doctor: DoctorHarness) -> None:
    doctor.gate.turns["DescribeRule"] = describe_rule({"prefix": f"{REPOSITORIES}/sample"})
    status, report = doctor.examine()
    assert (status, report["repositories"], report["verdict"]) == (0, ["sample-app"], "ok")


def test_with_prefix_rules_only_and_no_repository_nothing_is_checked(doctor: DoctorHarness) -> None:
    doctor.gate.turns["DescribeRule"] = describe_rule({"prefix": f"{REPOSITORIES}/sample"})
    registry = Registry(account="111122223333", region="ap-northeast-1", partition="aws")
    stack = Stack("Other", "111122223333", "CREATE_COMPLETE", {RULE: [doctor.find(RULE)]}, {})
    account = Account(open_session())
    assert Notifier(account, registry, stack).list_watched() == []
    assert [check.verdict for check in check_scanning(account, registry, [])] == [
        "ok",
        "ok",
        "warning",
    ]
    account.close()


def test_a_pattern_for_other_events_does_not_count(doctor: DoctorHarness) -> None:
    pattern = {"source": ["aws.ecr"], "detail": {"repository-name": [f"{REPOSITORIES}/sample-app"]}}
    answer = {"Name": "x", "State": "ENABLED", "EventPattern": json.dumps(pattern)}
    doctor.gate.turns["DescribeRule"] = Answer(answer)
    assert_only_problem(
        doctor.examine()[1],
        "watched",
        "failure",
        "no rule of the stack matches scans of sample-app",
    )
