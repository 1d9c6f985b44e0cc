"""The whole of it: looks at everything in the order of a scan's way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from local.aws.doctor import notifier_checks
from local.aws.doctor.calls import Account
from local.aws.doctor.check import Check, Verdict, weigh
from local.aws.doctor.notifier import Notifier
from local.aws.doctor.scanning import check_scanning
from local.aws.doctor.stack import Stack, read_stack
from local.aws.doctor.step import run
from scan_brief.request import Registry


@dataclass(frozen=True)
class Examination:
    """What was looked at, and what came of it."""

    stack: str
    repositories: tuple[str, ...]
    registry: Registry
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        return weigh(self.checks)


def examine(account: Account, *, stack_name: str, repository: str | None) -> Examination:
    """Look at everything. Raises BadInput where the credentials are not valid; all other faults are checks."""
    registry = account.identify()
    stacks: list[Stack] = []

    def find_stack() -> Check:
        stack = read_stack(account, stack_name)
        stacks.extend([stack] if stack else [])
        return notifier_checks.judge_stack(stack, stack_name, registry)

    found = run(notifier_checks.STACK, find_stack)  # asked first, since it may name the repositories
    if stacks and not registry.account:
        registry = replace(registry, account=stacks[0].account)
    notifiers = [Notifier(account, registry, stack) for stack in stacks]
    watched = [name for notifier in notifiers for name in notifier.list_watched()]
    described = [] if repository else [name for notifier in notifiers for name in notifier.list_described()]
    repositories = (repository,) if repository else tuple(watched)
    beyond = [check for notifier in notifiers for check in notifier.check(repositories)]
    if repositories and described:
        beyond.append(notifier_checks.note_described(described))
    checks = (*check_scanning(account, registry, repositories, described), *found, *beyond)
    return Examination(stack_name, repositories, registry, checks)
