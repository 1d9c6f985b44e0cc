"""Checks of Inspector, and of the policies that can deny it access. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scan_brief.scan.request import Registry
from scan_brief.text import clean
from scan_brief_cdk.repository_policy import inspector_role_arn
from scan_brief_cli.doctor.check import Check, failure, ok, warning
from scan_brief_cli.doctor.inspector_access import Access, Denial

INSPECTOR = "inspector"
REPOSITORY_POLICY = "repository-policy"
REGISTRY_POLICY = "registry-policy"
_ENABLE = "aws inspector2 enable --resource-types ECR"


def check_account(answer: Mapping[str, Any], registry: Registry) -> Check:
    """answer: of BatchGetAccountStatus, for the caller's account."""
    accounts, failed = answer.get("accounts") or [], answer.get("failedAccounts") or []
    if not accounts:
        why = (
            f"{failed[0]['errorCode']}: {clean(failed[0]['errorMessage'])}"
            if failed
            else "no state in the response"
        )
        text = f"Inspector does not report its state in {registry.account} {registry.region}: {why}"
        return warning(INSPECTOR, text, "check the account in the Inspector console")
    state = accounts[0]["resourceState"]["ecr"]["status"]
    place = f"for ECR in {accounts[0]['accountId']} {registry.region}"
    if state == "ENABLED":
        return ok(INSPECTOR, f"Inspector is enabled {place}")
    if state == "ENABLING":
        return warning(
            INSPECTOR,
            f"Inspector is being enabled {place}",
            "wait a few minutes, then run it again",
        )
    text = f"Inspector is not enabled {place}: {state}"
    return failure(
        INSPECTOR,
        text,
        f"{_ENABLE}; in an organization, the delegated administrator may have to do it",
    )


def check_access(name: str, whose: str, access: Access, registry: Registry) -> Check:
    """whose: the policy in words. access: what it means for Inspector."""
    role = inspector_role_arn(partition=registry.partition, account=registry.account)
    if access.denied:
        text = f"{whose} denies Inspector access: {_list(access.denied)}"
        line = f'"ArnNotEquals": {{"aws:PrincipalArn": ["{role}"]}}'
        return failure(
            name, text, f"exempt Inspector's role; the statement's Condition must contain {line}"
        )
    if access.undecided:
        text = (
            f"whether {whose} denies Inspector access cannot be determined:"
            f" {_list(access.undecided)}"
        )
        return warning(
            name,
            text,
            f"make sure that it does not deny {role}, which calls from AWS's own network",
        )
    return ok(name, f"{whose} does not deny Inspector access")


def _list(denials: tuple[Denial, ...]) -> str:
    return "; ".join(
        f"{denial.statement} ({', '.join(denial.actions) or 'not read'})" for denial in denials
    )
