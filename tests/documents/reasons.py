"""Pure: finds for each statement the words why it is there, and refuses what has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tests.documents.statement import Statement


class ReasonError(AssertionError):
    """Statements and reasons do not fit together; the text has a line for each that does not."""


@dataclass(frozen=True)
class Why:
    """Why actions are allowed or denied, for the statement that it matches word for word.

    owner: the end of a role's logical id without CDK's hash, so that it may move below another
    construct; or the type of the resource that has the policy. conditions: "operator key" -> whom
    this line of a Deny exempts, "" where `because` says it all. wildcard: why the statement needs
    to allow a pattern, given exactly where it does.
    """

    owner: str
    actions: tuple[str, ...]
    because: str
    effect: str = "Allow"
    trust: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)
    wildcard: str = ""

    def matches(self, statement: Statement) -> bool:
        """It speaks of this statement, or of some of its actions: CDK merges statements of one
        resource.
        """
        owner = statement.owner
        return (
            (owner.kind == self.owner or owner.name.endswith(self.owner))
            and (statement.effect, statement.trust) == (self.effect, self.trust)
            and {f"{one.operator} {one.key}" for one in statement.conditions}
            == set(self.conditions)
            and set(self.actions) <= set(statement.actions)
        )

    def __str__(self) -> str:
        return _summary(self.owner, self.effect, self.actions, tuple(self.conditions))


@dataclass(frozen=True)
class Explained:
    """A statement, or the part of it that one reason is about."""

    statement: Statement
    why: Why


def explain(
    stacks: Mapping[str, Sequence[Statement]], whys: Sequence[Why]
) -> dict[str, list[Explained]]:
    """Each stack's statements with their reasons.

    Raises ReasonError unless every action has exactly one, and every reason is of use in some
    stack.
    """
    explained = {name: _explain(statements, whys) for name, statements in stacks.items()}
    used = [one.why for group in explained.values() for one in group]
    faults = [
        *(
            fault
            for group in stacks.values()
            for statement in group
            for fault in _uncovered(statement, whys)
        ),
        *(f"a reason that nothing needs: {why}" for why in whys if why not in used),
        *(
            fault
            for group in explained.values()
            for one in group
            for fault in _wildcard_faults(one)
        ),
    ]
    if faults:
        raise ReasonError("\n".join(faults))
    return explained


def _explain(statements: Sequence[Statement], whys: Sequence[Why]) -> list[Explained]:
    return [
        Explained(replace(statement, actions=why.actions), why)
        for statement in statements
        for why in whys
        if why.matches(statement)
    ]


def _uncovered(statement: Statement, whys: Sequence[Why]) -> Iterator[str]:
    told = Counter(action for why in whys if why.matches(statement) for action in why.actions)
    conditions = tuple(f"{one.operator} {one.key}" for one in statement.conditions)
    for words, actions in {
        "no reason": tuple(action for action in statement.actions if not told[action]),
        "more than one reason": tuple(action for action in statement.actions if told[action] > 1),
    }.items():
        if actions:
            yield (
                f"{words}: {_summary(statement.owner.name, statement.effect, actions, conditions)}"
            )


def _wildcard_faults(one: Explained) -> Iterator[str]:
    if one.statement.has_wildcard and not one.why.wildcard:
        yield f"allows a pattern ({', '.join(one.statement.resources)}) without a reason: {one.why}"
    if one.why.wildcard and not one.statement.has_wildcard:
        yield f"has a reason for a pattern and allows none: {one.why}"


def _summary(owner: str, effect: str, actions: Sequence[str], conditions: Sequence[str]) -> str:
    return " · ".join(filter(None, (owner, effect, ", ".join(actions), ", ".join(conditions))))
