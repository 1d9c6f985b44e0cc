"""The findings of a preview: those that boto3 would return for the image, in the same form."""

from __future__ import annotations

from typing import Any

from local.inspector2_double import Inspector2Double
from local.loopback import connect
from scan_brief.aws.inspector import Reader
from scan_brief.aws.pace import Pace
from scan_brief_cli.api_response import load_entry_reader
from scan_brief_cli.preview.findings import select_findings
from scan_brief_cli.scan_files import SAMPLE, read_findings
from tests.unit.builders import make_finding, make_image, make_request

REQUEST = make_request()
READ = load_entry_reader("ListFindings", "findings")


def change_image(**members: object) -> dict[str, Any]:
    """A finding of another image."""
    image = make_image()
    image["details"]["awsEcrContainerImage"] |= members
    return make_finding(7, resources=[image])


CANDIDATES = [
    make_finding(3),
    make_finding(1, updatedAt="2026-03-13T21:38:00+09:00", newMember={"of": "tomorrow"}),
    make_finding(2, status="SUPPRESSED"),
    make_finding(4, status="CLOSED"),
    make_finding(5, status=None),
    make_finding(6, resources=None),
    make_finding(8, resources=[]),
    make_finding(9, resources=[{"type": "AWS_EC2_INSTANCE", "id": "i-1", "details": {}}]),
    make_finding(10, resources=[{**make_image(), "type": "AWS_LAMBDA_FUNCTION"}]),
    make_finding(11, resources=[{"type": "AWS_ECR_CONTAINER_IMAGE", "id": "x"}]),
    make_finding(12, resources=[{"type": "AWS_EC2_INSTANCE", "id": "i-1"}, make_image()]),
    change_image(imageHash="sha256:" + "f" * 64),
    change_image(repositoryName="sample-app-2"),
    change_image(registry="444455556666"),
]


def test_findings_are_as_boto3_returns_them() -> None:
    sample = read_findings([SAMPLE / "findings.json"])
    for findings in (CANDIDATES, sample):
        image = findings[0]["resources"][0]["details"]["awsEcrContainerImage"]
        request = make_request(digest=image["imageHash"])
        with Inspector2Double(findings=findings) as double:
            client = connect(
                "inspector2",
                endpoint_url=double.endpoint_url,
                region="eu-central-1",
                account="111122223333",
            )
            reader = Reader(client, Pace(lambda: 900.0))
            listed = list(reader.list_findings(request, "ACTIVE"))
        selected = list(select_findings(map(READ, findings), request))
        assert sorted(selected, key=lambda finding: str(finding["findingArn"])) == listed


def test_findings_keep_the_order_of_the_files() -> None:
    selected = select_findings(map(READ, CANDIDATES), REQUEST)
    assert [int(finding["findingArn"][-2:], 16) for finding in selected] == [3, 1, 12]
