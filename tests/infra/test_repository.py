"""The restricted repository: its policy, and what the settings change.

tests/policy shows whom the policy denies.
"""

from __future__ import annotations

import json
from typing import Any

from aws_cdk.assertions import Template

from scan_brief_cdk.repository_policy import deployment_role_arn, inspector_role_arn

INSPECTOR = (
    "arn:aws:iam::111122223333:role/aws-service-role/inspector2.amazonaws.com/"
    "AWSServiceRoleForAmazonInspector2"
)
DEPLOYER = "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-central-1"


def join(*parts: object) -> dict[str, Any]:
    return {"Fn::Join": ["", list(parts)]}


def repository(template: Template) -> dict[str, Any]:
    (found,) = template.find_resources("AWS::ECR::Repository").values()
    return dict(found)


def test_the_policy_is_exactly_this_document(template: Template) -> None:
    partition, account, region = (
        {"Ref": f"AWS::{name}"} for name in ("Partition", "AccountId", "Region")
    )
    inspector = "role/aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2"
    deployer = ":role/cdk-hnb659fds-cfn-exec-role-"
    assert repository(template)["Properties"]["RepositoryPolicyText"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "DenyAllOthers",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "ecr:*",
                "Condition": {
                    "StringNotEquals": {
                        "aws:sourceVpce": ["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"]
                    },
                    "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
                    "ForAllValues:StringNotEquals": {
                        "aws:CalledVia": ["cloudformation.amazonaws.com"]
                    },
                    "ArnNotEquals": {
                        "aws:PrincipalArn": [
                            join("arn:", partition, ":iam::", account, f":{inspector}"),
                            join(
                                "arn:", partition, ":iam::", account, deployer, account, "-", region
                            ),
                        ]
                    },
                },
            }
        ],
    }


def test_the_policy_follows_the_settings(chosen: Template) -> None:
    (statement,) = repository(chosen)["Properties"]["RepositoryPolicyText"]["Statement"]
    conditions = statement["Condition"]
    assert conditions["StringNotEquals"]["aws:sourceVpce"] == ["vpce-0a0a0a0a", "vpce-0b0b0b0b"]
    assert conditions["NotIpAddress"]["aws:SourceIp"] == ["198.51.100.0/24", "2001:db8::/32"]
    _, deployer, exempt = conditions["ArnNotEquals"]["aws:PrincipalArn"]
    assert ":role/cdk-qual1-cfn-exec-role-" in json.dumps(deployer)
    assert exempt == "arn:aws:iam::111122223333:role/ci/push"


def test_the_arns_of_the_roles() -> None:
    assert inspector_role_arn(partition="aws", account="111122223333") == INSPECTOR
    names = {"partition": "aws", "account": "111122223333", "region": "eu-central-1"}
    assert deployment_role_arn(**names, qualifier="hnb659fds") == DEPLOYER


def test_the_sample_keeps_every_image(template: Template) -> None:
    found = repository(template)
    assert {
        key: value for key, value in found["Properties"].items() if key != "RepositoryPolicyText"
    } == {
        "RepositoryName": "sample-app",
        "ImageTagMutability": "MUTABLE",
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "EncryptionConfiguration": {"EncryptionType": "KMS"},
    }
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == (
        "RetainExceptOnCreate",
        "Retain",
    )


def test_mutability_and_lifecycle_follow_the_settings(chosen: Template) -> None:
    properties = repository(chosen)["Properties"]
    rules = json.loads(properties["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert properties["RepositoryName"] == "team/other-app"
    assert properties["ImageTagMutability"] == "IMMUTABLE"
    assert [(rule["rulePriority"], rule["selection"]) for rule in rules] == [
        (
            1,
            {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countNumber": 14,
                "countUnit": "days",
            },
        ),
        (2, {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100}),
    ]
