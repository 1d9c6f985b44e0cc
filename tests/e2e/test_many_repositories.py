"""One notifier for three repositories and existing ones: each team receives only its own briefs."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.deployment import synthesize
from local.emulator.outbox import Message
from local.inspector2_double import Denied, FaultPlan
from scan_brief_cli.scan_files import SAMPLE, read_findings
from tests.doctor.doctor_harness import by_name, describe_coverage, list_executions, operate
from tests.e2e.chat_button import ChatButton
from tests.harness import StackHarness, open_harness

REGISTRY = "arn:aws:ecr:ap-northeast-1:111122223333:repository/"
SETTINGS: dict[str, object] = {
    "repositoryName": "",
    "repositories": [
        "web",
        {
            "repositoryName": "payments/api",
            "emails": ["payments@example.com"],
            "language": "ja",
            "timeZone": "Asia/Tokyo",
            "topFindings": 3,
        },
        {
            "repositoryName": "payments/batch/nightly",
            "emails": ["batch@example.com"],
            "topFindings": 1,
        },
    ],
    "existingRepositories": [
        {
            "repositoryName": "legacy/*",
            "emails": ["legacy@example.com", "batch@example.com"],
            "language": "ja",
        },
        *(
            f"archive-{'of-long-names-' * 10}{number}/*" for number in range(9)
        ),  # more than one rule's pattern holds
    ],
    "emails": ["web@example.com"],
    "chatButtons": True,
}
SENT_TO = {
    "web": {"web@example.com"},
    "payments/api": {"payments@example.com"},
    "payments/batch/nightly": {"batch@example.com"},
    "legacy/old/app": {"legacy@example.com", "batch@example.com"},
}


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "cdk.out"
    synthesize(SETTINGS, folder)
    return folder


@pytest.fixture(scope="module")
def deployed(synthesized: Path) -> Iterator[StackHarness]:
    with open_harness(synthesized) as harness:
        # A chat that gets everything: with its message a brief has been delivered to everybody.
        harness.deployment.subscribe("https", f"{harness.outbox.endpoint_url}/https/all")
        yield harness


@pytest.fixture
def many(deployed: StackHarness) -> StackHarness:
    deployed.double.plan = FaultPlan()
    deployed.outbox.clear()
    deployed.forget()
    return deployed


def for_repository(repository: str, event: dict[str, Any]) -> dict[str, Any]:
    """The sample's scan, of an image of another repository."""
    scan = copy.deepcopy(event)
    scan["resources"] = [f"{REGISTRY}{repository}"]
    scan["detail"]["repository-name"] = f"{REGISTRY}{repository}"
    return scan


def put_findings(harness: StackHarness, repository: str) -> None:
    findings = copy.deepcopy(read_findings([SAMPLE / "findings.json"]))
    for finding in findings:
        for resource in finding["resources"]:
            image = resource.get("details", {}).get("awsEcrContainerImage")
            if image:
                image["repositoryName"] = repository
    harness.double.findings = findings


def scan(harness: StackHarness, repository: str, event: dict[str, Any]) -> dict[str, Message]:
    """The mails of a scan by address: all have arrived when the execution is over. The message to
    the chat is only waited for so that the next scan does not receive it.
    """
    harness.outbox.clear()
    put_findings(harness, repository)
    harness.scan(for_repository(repository, event))
    arrived = harness.outbox.wait_for(
        lambda seen: any(message.protocol == "https" for message in seen), 60
    )
    return {message.to: message for message in arrived if message.protocol == "email"}


@pytest.mark.parametrize("repository", SENT_TO)
def test_each_address_receives_the_briefs_of_its_own_repositories(
    many: StackHarness, event: dict[str, Any], repository: str
) -> None:
    mails = scan(many, repository, event)
    assert set(mails) == SENT_TO[repository]
    for mail in mails.values():
        assert f"{repository}:1.4.2" in mail.subject
        assert mail.attributes["repository"] == repository


@pytest.mark.parametrize("repository", SENT_TO)
def test_each_address_receives_the_fallbacks_of_its_own_repositories(
    many: StackHarness, event: dict[str, Any], repository: str
) -> None:
    many.double.plan = FaultPlan((Denied(),))
    mails = scan(many, repository, event)
    assert set(mails) == SENT_TO[repository]
    for mail in mails.values():
        assert f"{repository} · " in mail.subject
        assert mail.attributes["repositoryArn"] == f"{REGISTRY}{repository}"
        japanese = repository in ("payments/api", "legacy/old/app")
        assert ("詳細を取得できません" in mail.subject) == japanese


def test_a_repositorys_own_settings_apply_to_its_briefs(
    many: StackHarness, event: dict[str, Any]
) -> None:
    (japanese,) = scan(many, "payments/api", event).values()
    assert "JST" in japanese.text
    listed = japanese.text.partition("■ 優先的に対処すべき検出結果")[2]
    assert listed.count("\n 3. ") == 1
    assert "\n 4. " not in listed
    (short,) = scan(many, "payments/batch/nightly", event).values()
    assert "FIX FIRST: 1 of 60" in short.text
    (plain,) = scan(many, "web", event).values()
    assert "FIX FIRST: 10 of 60" in plain.text
    assert "UTC" in plain.text


@pytest.mark.parametrize("repository", ["webs", "payments", "payments/api/more", "legacy", "other"])
def test_scans_of_other_repositories_start_nothing(
    many: StackHarness, event: dict[str, Any], repository: str
) -> None:
    before = len(many.list_executions())
    many.deployment.emulator.emit(for_repository(repository, event))
    many.scan(
        for_repository("web", event)
    )  # delivered after the other: had that started an execution, it would be here too
    assert len(many.list_executions()) == before + 1


def test_every_repository_has_its_own_stack_and_policy(many: StackHarness) -> None:
    stacks = many.deployment.emulator.client("cloudformation")
    names = {stack["StackName"] for stack in stacks.describe_stacks()["Stacks"]}
    assert {"ScanBrief", "ScanBrief-web"} <= names
    assert len({name for name in names if name.startswith("ScanBrief-")}) == 3
    repositories = many.deployment.emulator.client("ecr")
    for name in ("web", "payments/api", "payments/batch/nightly"):
        assert (
            "DenyAllOthers" in repositories.get_repository_policy(repositoryName=name)["policyText"]
        )


def test_the_doctor_checks_every_repository_that_a_rule_names(
    many: StackHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["web", "payments/api", "payments/batch/nightly"]
    with operate(many, monkeypatch, capsys) as doctor, doctor.scanned(*named):
        doctor.scan_registry("ENHANCED")
        doctor.gate.turns["ListExecutions"] = list_executions("SUCCEEDED")
        status, report = doctor.examine()
    assert (status, report["verdict"]) == (0, "ok"), report
    assert report["repositories"] == named
    texts = {
        kind: [check["said"] for check in report["checks"] if check["check"] == kind]
        for kind in by_name(report)
    }
    assert [len(texts[kind]) for kind in ("image", "repository-policy", "rule", "watched")] == [
        3,
        3,
        6,
        4,
    ]
    for name, policy, watched in zip(
        named, texts["repository-policy"], texts["watched"], strict=False
    ):
        assert policy == f"the policy of the repository {name} does not deny Inspector access"
        assert watched.startswith(f"scans of {name} match the rule ")
    assert texts["watched"][3].startswith("scans of legacy/*, archive-")
    assert texts["topic"][0].endswith(" has confirmed subscriptions: 4 email, 4 http, 1 https")


def test_the_doctor_checks_a_repository_that_matches_a_prefix(
    many: StackHarness, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repositories = many.deployment.emulator.client("ecr")
    for name in ("legacy/old/app", "other"):
        repositories.create_repository(repositoryName=name)
    with operate(many, monkeypatch, capsys) as doctor, doctor.scanned("legacy/old/app", "other"):
        doctor.scan_registry("ENHANCED")
        doctor.gate.turns["ListExecutions"] = list_executions("SUCCEEDED")
        watched = doctor.examine("--repository", "legacy/old/app")
        other = doctor.examine("--repository", "other")
    for name in ("legacy/old/app", "other"):
        repositories.delete_repository(repositoryName=name, force=True)
    assert (watched[0], watched[1]["verdict"]) == (0, "ok"), watched
    assert other[0] == 1
    assert [check["check"] for check in other[1]["checks"] if check["verdict"] != "ok"] == [
        "watched"
    ]


def scan_card(
    harness: StackHarness, repository: str, event: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """The card and a mail of a scan."""
    mail, *_ = scan(harness, repository, event).values()
    return json.loads(harness.receive("https").text), mail.text


@pytest.mark.parametrize(
    ("repository", "until"), [("web", "ignored until "), ("payments/api", "まで除外")]
)
def test_a_button_ignores_the_first_finding_and_the_next_brief_says_so(
    many: StackHarness, synthesized: Path, event: dict[str, Any], repository: str, until: str
) -> None:
    ignore = ChatButton(many, synthesized, "Ignore 30 days")
    card, before = scan_card(many, repository, event)
    asked = card["metadata"]["additionalContext"]
    first = asked["vulnerabilityId"]
    assert "Not reachable" not in before
    refused = ignore.press(card, reason=" ")
    assert refused["message"].startswith("Nothing is ignored. reason: given ")
    answer = ignore.press(card, reason="Not reachable: it's a build tool")
    assert answer["ignored"]["repository"] == asked["repository"] == repository

    later, mail = scan_card(many, repository, event)
    text = " ".join(mail.split())
    assert "Not reachable: it's a build tool" in text
    (said,) = (line for line in mail.splitlines() if line.lstrip().startswith(f"{first} "))
    assert until in said
    day = answer["ignored"]["until"][:10]
    assert day in said.replace("年", "-").replace("月", "-")
    assert later["metadata"]["additionalContext"]["vulnerabilityId"] != first
    # Another repository's findings are the same, and count.
    _, other = scan_card(many, "legacy/old/app", event)
    assert "Not reachable" not in other


def test_a_button_makes_the_brief_of_its_card_again(
    many: StackHarness, synthesized: Path, event: dict[str, Any]
) -> None:
    card, _ = scan_card(many, "payments/batch/nightly", event)
    digest = card["metadata"]["additionalContext"]["imageDigest"]
    many.double.coverage = [describe_coverage("payments/batch/nightly", digest, "SUCCESSFUL")]
    many.outbox.clear()
    outcome = ChatButton(many, synthesized, "Brief again").press(card)
    many.double.coverage = None
    assert (outcome.status, outcome.error) == ("SUCCEEDED", "")
    assert "payments/batch/nightly:1.4.2" in many.receive("https").text
    other = {"metadata": {**card["metadata"], "additionalContext": {"notifier": "another"}}}
    assert not ChatButton(many, synthesized, "Brief again").is_on(other)


def test_a_lost_memory_costs_what_chats_ignore_and_the_brief_says_so(
    many: StackHarness, event: dict[str, Any]
) -> None:
    with many.memory_in("none-such"):
        _, mail = scan_card(many, "web", event)
    text = " ".join(mail.split())
    assert "WARNING: what chats ignore is counted here: the memory could not be read" in text
    assert "Not reachable" not in text
