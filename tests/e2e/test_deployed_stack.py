"""The deployed stack: the rule, the template, and the messages of a scan."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from local.inspector2_double import Denied, FaultPlan, ServerError, Throttle
from scan_brief_cli.api_response import load_entry_reader
from scan_brief_cli.preview.brief import preview_brief
from scan_brief_cli.preview.settings import read_settings
from scan_brief_cli.scan_files import read_findings
from tests.harness import StackHarness

CORPUS = os.environ.get("FINDINGS_CORPUS_DIR", "")
CORPUS_DIGEST = "sha256:34ca666355635aecbdcfeb5f04629337ab2fe72a06949175d439fb9b420253b7"


def test_the_template_deployed_is_the_one_for_aws(harness: StackHarness, assembly: Path) -> None:
    stacks = harness.deployment.emulator.client("cloudformation")
    deployed = stacks.get_template(StackName="ScanBrief")["TemplateBody"]
    written = (assembly / "ScanBrief.template.json").read_text()
    assert (deployed if isinstance(deployed, dict) else json.loads(deployed)) == json.loads(written)


@pytest.mark.parametrize(
    "other",
    [
        {"detail": {"instance-id": "i-0123456789abcdef0", "scan-status": "INITIAL_SCAN_COMPLETE"}},
        {"detail": {"machine-image-id": "ami-0123456789abcdef0"}},
        {"detail-type": "Inspector2 Finding"},
        {"source": "aws.ecr"},
        {
            "detail": {
                "repository-name": "arn:aws:ecr:ap-northeast-1:111122223333:repository/sample-app-2"
            }
        },
    ],
)
def test_other_events_start_nothing(
    harness: StackHarness, event: dict[str, Any], other: dict[str, Any]
) -> None:
    before = len(harness.list_executions())
    harness.deployment.emulator.emit({**event, **other})
    harness.scan(
        event
    )  # delivered after the other one: had that started an execution, it would be here too
    assert len(harness.list_executions()) == before + 1


def test_two_scans_at_once_give_two_briefs(harness: StackHarness, event: dict[str, Any]) -> None:
    with harness.memory_in(""):  # one may be remembered before the other is compared
        images = ["f5571f0d", "f5571f0e"]  # the digests' beginnings, of images of its own
        findings = json.dumps(list(harness.double.findings), default=str)
        harness.double.findings = [
            finding
            for image in images
            for finding in json.loads(findings.replace("f5571f0c", image))
        ]
        for image in images:
            scanned = json.loads(json.dumps(event).replace("f5571f0c", image))
            harness.deployment.emulator.emit(scanned)
        arrived = harness.outbox.wait_for(
            lambda seen: sum(message.protocol == "email" for message in seen) == 2, 60
        )
    first, second = [message.text for message in arrived if message.protocol == "email"]
    assert first != second
    assert len({text.replace("f5571f0e", "f5571f0d") for text in (first, second)}) == 1


def test_a_delivered_brief_equals_its_preview(harness: StackHarness, event: dict[str, Any]) -> None:
    read = load_entry_reader("ListFindings", "findings")
    foreseen = preview_brief(event, [*map(read, harness.double.findings)], read_settings({}))
    with harness.memory_in(""):  # the preview knows no image before
        harness.run(event)
    mail, chat = harness.receive("email"), harness.receive("https")
    assert (mail.subject, mail.text) == (foreseen["subject"], foreseen["message"]["email"])
    assert chat.text == foreseen["message"]["https"]
    assert mail.attributes == foreseen["attributes"]


# The line of the brief that each of these costs.
LINES = {
    "BatchGetFindingDetails": "60 findings are ranked without details on exploitation:",
    "ListFindingAggregations": "Whether other repositories share the layers is not known:",
    "GetClustersForImage": "Runs on not known:",
}


@pytest.mark.parametrize(
    ("fault", "why"),
    [(Denied, "Amazon Inspector denies"), (Throttle, "Amazon Inspector throttles the requests")],
)
def test_what_may_not_be_asked_costs_its_line_only(
    harness: StackHarness, event: dict[str, Any], fault: Any, why: str
) -> None:
    for failed in (list(LINES), ["GetClustersForImage"]):
        harness.outbox.clear()
        harness.forget()
        harness.double.plan = FaultPlan([fault(operation=operation) for operation in failed])
        outcome = harness.scan(event)
        assert (outcome.status, outcome.task_errors) == ("SUCCEEDED", [])
        mail = harness.receive()
        text = " ".join(mail.text.split())
        said = {operation for operation, line in LINES.items() if f"{line} {why}" in text}
        assert said == {*failed}
        assert "FIX FIRST: 10 of 60" in text
        harness.wait_until_delivered()


def list_common_lines(text: str) -> list[str]:
    """Without the links, of which one is the execution's, and without what the error says."""
    kept = [line for line in text.splitlines() if "https" not in line]
    return ["the error" if line.startswith("InspectorUnavailable") else line for line in kept]


def test_a_delivered_fallback_equals_its_preview(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    retries = {'"MaxAttempts": 17': '"MaxAttempts": 0'}
    machine = harness.copy_machine("one-attempt", "StateMachineArn", retries)
    harness.double.plan = FaultPlan((ServerError(),))
    outcome = harness.run(event, machine)
    assert (outcome.error, outcome.task_errors) == ("DetailsUnavailable", ["InspectorUnavailable"])
    foreseen, mail = preview_brief(event, None, read_settings({})), harness.receive()
    assert mail.subject == foreseen["subject"]
    assert mail.attributes == foreseen["attributes"]
    assert list_common_lines(mail.text) == list_common_lines(foreseen["message"]["email"])


def test_subscribers_filter_by_severity_and_never_miss_a_fallback(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    for severity in ("CRITICAL", "LOW"):
        address = f"{harness.outbox.endpoint_url}/http/{severity}"
        harness.deployment.subscribe("http", address, {"severity": [severity]})

    def received() -> list[str]:
        return sorted(
            message.to for message in harness.outbox.messages if message.protocol == "http"
        )

    harness.scan(event)
    harness.outbox.wait_for(lambda _: received() == ["CRITICAL"], 60)
    harness.double.plan = FaultPlan((Denied(),))
    harness.scan(event)
    harness.outbox.wait_for(lambda _: received() == ["CRITICAL", "CRITICAL", "LOW"], 60)


def test_a_clean_image_is_an_all_clear_that_says_which_image(
    harness: StackHarness, event: dict[str, Any]
) -> None:
    harness.double.findings = []
    event["detail"]["finding-severity-counts"] = {"TOTAL": 0}
    harness.scan(event)
    message = harness.receive()
    assert (
        message.subject == "ALL CLEAR · sample-app:1.4.2 (+1 tag) · no known vulnerabilities found"
    )
    assert message.text.startswith("No known vulnerabilities were found.")
    details = " ".join(message.text.split())
    assert "Status Initial scan complete" in details
    assert "Tags 1.4.2, latest Digest sha256:" in details
    assert message.attributes["kind"] == "CLEAR"


@pytest.mark.skipif(
    not CORPUS, reason="needs the recorded findings: FINDINGS_CORPUS_DIR is not set"
)
def test_the_recorded_findings_give_a_brief(harness: StackHarness, event: dict[str, Any]) -> None:
    harness.double.findings = read_findings(sorted(Path(CORPUS).glob("list-findings-*.json")))
    event["detail"] |= {"image-digest": CORPUS_DIGEST, "image-tags": ["latest"]}
    event["detail"]["finding-severity-counts"] = {"HIGH": 20, "MEDIUM": 141, "TOTAL": 242}
    outcome = harness.scan(event)
    assert outcome.status == "SUCCEEDED"
    message = harness.receive()
    assert message.subject == "HIGH 20 · sample-app:latest · 242 findings"
    assert "FIX FIRST: 10 of 242" in message.text
    assert "NotAvailable" not in message.text
