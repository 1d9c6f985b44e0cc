"""Pure: from AWS's answers to checks, for Inspector itself and for the policies that could shut it
out.
"""

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
    """`answer` of BatchGetAccountStatus for the caller's account."""
    accounts, failed = answer.get("accounts") or [], answer.get("failedAccounts") or []
    if not accounts:
        why = (
            f"{failed[0]['errorCode']}: {clean(failed[0]['errorMessage'])}"
            if failed
            else "no answer for it"
        )
        said = f"Inspector does not tell its state in {registry.account} {registry.region}: {why}"
        return warning(INSPECTOR, said, "look at the account in Inspector's console")
    state = accounts[0]["resourceState"]["ecr"]["status"]
    place = f"for ECR in {accounts[0]['accountId']} {registry.region}"
    if state == "ENABLED":
        return ok(INSPECTOR, f"Inspector is enabled {place}")
    if state == "ENABLING":
        return warning(
            INSPECTOR, f"Inspector is being enabled {place}", "wait some minutes, then run it again"
        )
    said = f"Inspector is not enabled {place}: {state}"
    return failure(INSPECTOR, said, f"{_ENABLE}; in an organisation its administrator may have to")


def check_access(name: str, whose: str, access: Access, registry: Registry) -> Check:
    """`whose`: the policy in words. `access`: what it means for Inspector."""
    role = inspector_role_arn(partition=registry.partition, account=registry.account)
    if access.denied:
        said = f"Inspector is shut out by {whose}: {_list(access.denied)}"
        line = f'"ArnNotEquals": {{"aws:PrincipalArn": ["{role}"]}}'
        return failure(
            name, said, f"exempt its role there; the statement's Condition has to say {line}"
        )
    if access.undecided:
        said = (
            f"whether {whose} shuts Inspector out cannot be told from here:"
            f" {_list(access.undecided)}"
        )
        return warning(
            name,
            said,
            f"make sure that it does not deny {role}, which calls from AWS's own network",
        )
    return ok(name, f"{whose} does not shut Inspector out")


def _list(denials: tuple[Denial, ...]) -> str:
    return "; ".join(f"{one.statement} ({', '.join(one.actions) or 'not read'})" for one in denials)
