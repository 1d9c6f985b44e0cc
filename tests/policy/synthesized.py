"""The repository's policy in the synthesized template, for the settings of the table."""

from __future__ import annotations

import json
from pathlib import Path

from scan_brief_cdk.app import STACK_ID, build_app
from tests.policy.resolve import resolve
from tests.policy.sample import (
    ACCOUNT,
    LAMBDAS_OWN_ALLOW,
    REGION,
    SERVICES_EXEMPT,
    SETTINGS,
    Policy,
)
from tests.project import PROJECT_ROOT


def synthesize_policies(folder: Path) -> dict[str, Policy]:
    """The table's policies, by the names that its cases use. folder: empty; for the templates."""
    policies = {
        "settings": synthesize_policy(SETTINGS, folder / "settings"),
        "services-exempt": synthesize_policy(SERVICES_EXEMPT, folder / "services-exempt"),
    }
    plain = policies["settings"]
    policies["lambda-allowed"] = plain | {"Statement": [*plain["Statement"], LAMBDAS_OWN_ALLOW]}
    return policies


def synthesize_policy(settings: dict[str, object], folder: Path) -> Policy:
    """The repository's policy for cdk.json's context with these settings, references resolved."""
    context = json.loads((PROJECT_ROOT / "cdk.json").read_text("utf-8"))["context"]
    build_app(context=context | settings, outdir=folder).synth()
    template = json.loads((folder / f"{STACK_ID}.template.json").read_text("utf-8"))
    (repository,) = (
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ECR::Repository"
    )
    resolved: Policy = resolve(
        repository["Properties"]["RepositoryPolicyText"],
        {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::Region": REGION},
    )
    return resolved
