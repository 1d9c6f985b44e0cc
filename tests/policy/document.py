"""The table as a document: docs/repository-policy.md."""

from __future__ import annotations

from collections.abc import Iterator

from scan_brief_cdk.permissions.markdown import bullets
from tests.policy.case import Case
from tests.policy.cases import GROUPS
from tests.policy.sample import SERVICE_ROLES, SETTINGS
from tests.project import PROJECT_ROOT

FILE = PROJECT_ROOT / "docs" / "repository-policy.md"
_INTRODUCTION = """\
# Who may do what with the repository

The tests generate this document from the cases in `tests/policy/cases.py`.
[iam-simulate](https://github.com/cloud-copilot/iam-simulate), an independent IAM simulator,
evaluates each case with the policy in the synthesized template. AWS itself was not asked. After a
change run `pytest tests/policy --update-goldens` and read the difference. For the reasons behind
the policy, see [permissions.md](permissions.md) and
[decision 0007](decisions/0007-repository-policy-operators.md).

- **allowed**: the policy does not deny it, and IAM allows it. Unless their row says otherwise, IAM
  allows roles and users `ecr:*`, so that only the policy decides.
- **denied**: the policy denies it, whatever IAM allows.
- **not granted**: the policy does not deny it, but nothing allows it. The policy itself allows
  nothing to anybody.

To read is to pull an image, to write is to push one, and to change the policy is to set or delete
it. `ecr:GetAuthorizationToken`, which `docker login` needs, names no repository: IAM alone decides.

The settings of the cases (account 111122223333, region eu-central-1):
"""
_SERVICES = """\

## How do I exempt a service of AWS?

Add the ARN of its service-linked role to `exemptPrincipalArns`, with your own account and, outside
the partition `aws`, your own partition. Exempt only the services that you use.

| service | ARN |
|---|---|"""
_AFTER_SERVICES = """\

Security Hub CSPM needs no exemption of its own: its controls of ECR evaluate what AWS Config
records. If AWS Config records with a role of your own, exempt that role."""


def render() -> str:
    """The whole document."""
    return "\n".join([_INTRODUCTION, *_list_settings(), *_list_groups(), *_list_services(), ""])


def _list_settings() -> Iterator[str]:
    for key, value in SETTINGS.items():
        values = value if isinstance(value, list) else [value]
        yield bullets([f"`{key}`: " + ", ".join(f"`{item}`" for item in values)])


def _list_services() -> Iterator[str]:
    yield _SERVICES
    yield from (f"| {service} | `{arn}` |" for service, arn in SERVICE_ROLES.items())
    yield _AFTER_SERVICES


def _list_groups() -> Iterator[str]:
    for heading, cases in GROUPS.items():
        yield from ("", f"## {heading}", "")
        yield "| case | caller | read | write | change the policy | reason |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(name, case) for name, case in cases.items())


def _row(name: str, case: Case) -> str:
    return f"| {' | '.join([f'`{name}`', case.words, *case.expected, case.reason])} |"
