"""The doctor finds that the synthesized repository policy admits Inspector, by its exemption."""

from __future__ import annotations

import json

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.inspector_access import Access, check_policy
from tests.policy.resolve import resolve

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws-us-gov")
PARAMETERS = {
    "AWS::Partition": REGISTRY.partition,
    "AWS::AccountId": REGISTRY.account,
    "AWS::Region": REGISTRY.region,
}


@pytest.mark.parametrize("settings", ["template_json", "chosen_json"])
def test_the_synthesized_policy_admits_inspector(
    settings: str, request: pytest.FixtureRequest
) -> None:
    resources = request.getfixturevalue(settings)["Resources"].values()
    (repository,) = [
        resource["Properties"]
        for resource in resources
        if resource["Type"] == "AWS::ECR::Repository"
    ]
    policy = resolve(repository["RepositoryPolicyText"], PARAMETERS)
    arn = f"arn:aws-us-gov:ecr:eu-central-1:111122223333:repository/{repository['RepositoryName']}"
    assert check_policy(json.dumps(policy), REGISTRY, arn) == Access()
    del policy["Statement"][0]["Condition"]["ArnNotEquals"]
    assert check_policy(json.dumps(policy), REGISTRY, arn).denied
