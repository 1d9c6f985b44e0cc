"""Runs all checks, in the order from a push to its brief."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor import notifier_checks
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.check import Check, Verdict, weigh
from scan_brief_cli.doctor.notifier import Notifier
from scan_brief_cli.doctor.scanning import check_scanning
from scan_brief_cli.doctor.stack import Stack, read_stack
from scan_brief_cli.doctor.step import run


@dataclass(frozen=True)
class Examination:
    """What was checked, and the results."""

    stack: str
    repositories: tuple[str, ...]
    registry: Registry
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the checks."""
        return weigh(self.checks)


def examine(account: Account, *, stack_name: str, repository: str | None) -> Examination:
    """Run all checks. Raises BadInput if the credentials are not valid; other faults are checks."""
    registry = account.identify()
    stacks: list[Stack] = []

    def find_stack() -> Check:
        stack = read_stack(account, stack_name)
        stacks.extend([stack] if stack else [])
        return notifier_checks.check_stack(stack, stack_name, registry)

    # First, because the stack may name the repositories.
    found = run(notifier_checks.STACK, find_stack)
    if stacks and not registry.account:
        registry = replace(registry, account=stacks[0].account)
    notifiers = [Notifier(account, registry, stack) for stack in stacks]
    watched = [name for notifier in notifiers for name in notifier.list_watched()]
    described = (
        [] if repository else [name for notifier in notifiers for name in notifier.list_described()]
    )
    repositories = (repository,) if repository else tuple(watched)
    beyond = [check for notifier in notifiers for check in notifier.check(repositories)]
    if repositories and described:
        beyond.append(notifier_checks.note_described(described))
    checks = (*check_scanning(account, registry, repositories, described), *found, *beyond)
    return Examination(stack_name, repositories, registry, checks)
