"""The table: who may do what with the repository, and why. Verdicts are not computed. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policy.case import ALLOWED, DEVELOPER, NOT_GRANTED, STRANGER, Case
from tests.policy.cases_by_origin import CLOUDFORMATIONS, NETWORKS
from tests.policy.cases_by_principal import PRINCIPALS, SERVICES, STRANGERS
from tests.policy.sample import NO_POLICY

DELETED = {
    "policy-deleted": Case(
        words="a role of the account, from anywhere",
        caller=DEVELOPER,
        policy=NO_POLICY,
        expected=ALLOWED,
        reason="nothing denies it any more: IAM alone decides",
    ),
    "policy-deleted-other-account": Case(
        words="a role of another account",
        caller=STRANGER,
        policy=NO_POLICY,
        expected=NOT_GRANTED,
        reason="a role of another account needs a permission in the repository's policy",
    ),
}
GROUPS: Mapping[str, Mapping[str, Case]] = {
    "Networks and endpoints": NETWORKS,
    "CloudFormation and deployments": CLOUDFORMATIONS,
    "Roles and users by name": PRINCIPALS,
    "Services of AWS": SERVICES,
    "Other accounts and nobody": STRANGERS,
    "After the policy was deleted": DELETED,
}
CASES: Mapping[str, Case] = {
    name: case for cases in GROUPS.values() for name, case in cases.items()
}
