"""The repository's policy as it stands in the synthesized template, for the settings of the table."""

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
    """The policies of the table by the names that its cases use; folder is empty and is written to."""
    policies = {
        "settings": synthesize_policy(SETTINGS, folder / "settings"),
        "services-exempt": synthesize_policy(SERVICES_EXEMPT, folder / "services-exempt"),
    }
    plain = policies["settings"]
    policies["lambda-allowed"] = plain | {"Statement": [*plain["Statement"], LAMBDAS_OWN_ALLOW]}
    return policies


def synthesize_policy(settings: dict[str, object], folder: Path) -> Policy:
    """The one repository's policy in the template of cdk.json's context with these settings,
    references resolved.
    """
    context = json.loads((PROJECT_ROOT / "cdk.json").read_text("utf-8"))["context"]
    build_app(context=context | settings, outdir=folder).synth()
    template = json.loads((folder / f"{STACK_ID}.template.json").read_text("utf-8"))
    (repository,) = (
        one for one in template["Resources"].values() if one["Type"] == "AWS::ECR::Repository"
    )
    resolved: Policy = resolve(
        repository["Properties"]["RepositoryPolicyText"],
        {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::Region": REGION},
    )
    return resolved
