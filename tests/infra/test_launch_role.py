"""docs/launch-role.json allows CloudFormation to create the product's resources, and no more."""

from __future__ import annotations

import importlib.resources
import json
import re
from typing import Any

import pytest

from scan_brief_cdk.repository_policy import inspector_role_arn
from tests.project import PROJECT_ROOT

POLICY = json.loads((PROJECT_ROOT / "docs" / "launch-role.json").read_text("utf-8"))
# Actions for properties and uses of a resource that the template does not have.
UNUSED = re.compile(
    r"ec2:|elasticfilesystem:|firehose:|s3files:|s3:(?!GetObject$)"
    r"|iam:(?:\w+(?:Group|User)Policy|(?:Attach|Detach)RolePolicy|\w+PermissionsBoundary"
    r"|ListRoles)$"
    r"|kms:(?:Decrypt|Encrypt|GenerateDataKey)$"
    r"|lambda:(?:\w+Alias|(?:Put|Delete)\w+Config|GetCodeSigningConfig"
    r"|(?:Get|\w+Provisioned)\w*Concurrency\w*"
    r"|GetLayerVersion|\w+Provider|PublishVersion)$"
    r"|logs:(?:(?:Put|Delete)(?:DataProtection|Index|Resource)Policy|\w+KmsKey|CreateLogDelivery"
    r"|PutBearerTokenAuthentication|PutLogGroupDeletionProtection)$"
    r"|sns:PutDataProtectionPolicy$"
    r"|dynamodb:(?:\w+TableReplica|\w+Item|(?:Put|Delete)ResourcePolicy|\w+Import|ImportTable"
    r"|(?:Enable|Disable|Update)KinesisStreamingDestination|UpdateContributorInsights|Query|Scan)$"
    r"|kinesis:|iam:CreateServiceLinkedRole$|kms:(?:RevokeGrant|ListAliases)$"
    r"|logs:(?:CreateLogStream|DescribeLogStreams|PutLogEvents)$"
)


def list_needed(kinds: set[str]) -> set[str]:
    """The actions in cfn-lint's copy of CloudFormation's schemas for resources of these types."""
    folder = importlib.resources.files("cfnlint") / "data" / "schemas" / "resources"
    schemas = [
        json.loads(path.read_text("utf-8"))
        for path in folder.iterdir()
        if path.name.endswith(".json")
    ]
    found = [schema for schema in schemas if schema.get("typeName") in kinds]
    assert {schema["typeName"] for schema in found} == kinds
    return {
        action
        for schema in found
        for handler in schema.get("handlers", {}).values()
        for action in handler.get("permissions", ())
    }


@pytest.fixture(scope="module")
def needed(template_json: dict[str, Any]) -> set[str]:
    return list_needed({resource["Type"] for resource in template_json["Resources"].values()})


def allowed(policy: dict[str, Any] = POLICY) -> set[str]:
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def test_the_launch_role_allows_what_the_resources_need(needed: set[str]) -> None:
    assert {action for action in needed if not UNUSED.match(action)} - allowed() == set()


def test_the_launch_role_allows_nothing_else(needed: set[str]) -> None:
    others = {action for action in allowed() - needed if not action.startswith("cloudformation:")}
    assert others == set()
    assert not [action for action in allowed() if "*" in action or UNUSED.match(action)]


def test_roles_are_created_and_passed_only_under_the_stacks_name() -> None:
    for statement in POLICY["Statement"]:
        if any(action.startswith("iam:") for action in statement["Action"]):
            assert statement["Resource"] == "arn:aws:iam::*:role/SC-*"


def test_registry_scanning_needs_more() -> None:
    """Without Disable, which only BASIC scanning or a deletion would need."""
    policy = json.loads((PROJECT_ROOT / "docs" / "launch-role-registry-scanning.json").read_text())
    needed = list_needed({"AWS::ECR::RegistryScanningConfiguration"})
    assert allowed(policy) == needed - {"inspector2:Disable"}
    (creating,) = (part for part in policy["Statement"] if part["Sid"] == "RoleOfInspector")
    assert creating["Action"] == ["iam:CreateServiceLinkedRole"]
    role = inspector_role_arn(partition="aws", account="*")
    assert creating["Resource"] == role
    assert creating["Condition"] == {
        "StringEquals": {"iam:AWSServiceName": "inspector2.amazonaws.com"}
    }


def test_iam_accepts_the_launch_role() -> None:
    """A managed policy has at most 6,144 characters without white space, and unique plain Sids."""
    assert len(re.sub(r"\s", "", json.dumps(POLICY))) <= 6_144
    sids = [statement["Sid"] for statement in POLICY["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids)
