"""The repository's policy as it is synthesized, read by the doctor: Inspector is let in, and would
not be without.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.inspector_access import Access, check_policy

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws-us-gov")
PSEUDO = {
    "AWS::Partition": REGISTRY.partition,
    "AWS::AccountId": REGISTRY.account,
    "AWS::Region": REGISTRY.region,
}


def resolve(value: Any) -> Any:
    """As CloudFormation would: Ref of a pseudo parameter, and Fn::Join."""
    if isinstance(value, list):
        return [resolve(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return PSEUDO[value["Ref"]]
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator).join(resolve(parts))
    return {key: resolve(one) for key, one in value.items()}


@pytest.mark.parametrize("settings", ["template_json", "chosen_json"])
def test_the_synthesized_policy_lets_inspector_in(
    settings: str, request: pytest.FixtureRequest
) -> None:
    resources = request.getfixturevalue(settings)["Resources"].values()
    (repository,) = [
        one["Properties"] for one in resources if one["Type"] == "AWS::ECR::Repository"
    ]
    policy = resolve(repository["RepositoryPolicyText"])
    arn = f"arn:aws-us-gov:ecr:eu-central-1:111122223333:repository/{repository['RepositoryName']}"
    assert check_policy(json.dumps(policy), REGISTRY, arn) == Access()
    del policy["Statement"][0]["Condition"]["ArnNotEquals"]
    assert check_policy(json.dumps(policy), REGISTRY, arn).denied
