"""The table as a document, docs/repository-policy.md. Pure but for the file's place."""

from __future__ import annotations

from collections.abc import Iterator

from tests.policy.cases import GROUPS, Case
from tests.policy.sample import SETTINGS
from tests.project import PROJECT_ROOT

FILE = PROJECT_ROOT / "docs" / "repository-policy.md"
_INTRODUCTION = """\
# Who may do what with the repository

Written by the tests, from the cases in `tests/policy/cases.py`. Each is evaluated under the policy of the synthesized
template by [iam-simulate](https://github.com/cloud-copilot/iam-simulate), a simulator of IAM that is no part of this
project; AWS itself was not asked. After a change: `pytest tests/policy --update-goldens`, then read the difference.
Why the policy is written as it is: [permissions.md](permissions.md) and
[decision 0007](decisions/0007-repository-policy-operators.md).

- **allowed**: the policy does not deny it, and IAM allows it. Roles and users are taken to have `ecr:*` from IAM, so
  that the policy alone decides, unless their line says otherwise.
- **denied**: the policy denies it, whatever IAM allows.
- **not granted**: the policy does not deny it, but nothing allows it. The policy itself allows nothing to anybody.

Read is pulling an image, write is pushing one, and to change the policy is to set or delete it.
`ecr:GetAuthorizationToken`, which `docker login` needs, names no repository: it is a matter of IAM alone.

The settings of the cases (account 111122223333, region eu-central-1):
"""


def render() -> str:
    """The whole document."""
    return "\n".join([_INTRODUCTION, *_list_settings(), *_list_groups(), ""])


def _list_settings() -> Iterator[str]:
    for key, value in SETTINGS.items():
        values = value if isinstance(value, list) else [value]
        yield f"- `{key}`: " + ", ".join(f"`{one}`" for one in values)


def _list_groups() -> Iterator[str]:
    for heading, cases in GROUPS.items():
        yield from ("", f"## {heading}", "")
        yield "| case | caller | read | write | change the policy | reason |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(name, case) for name, case in cases.items())


def _row(name: str, case: Case) -> str:
    return f"| {' | '.join([f'`{name}`', case.words, *case.expected, case.reason])} |"
