"""Pure: one statement of a policy, with names that a reader knows."""

from __future__ import annotations

from dataclasses import dataclass

ROLE = "AWS::IAM::Role"
MANAGED = "Managed policy"
BOUNDARY = "Permissions boundary"


@dataclass(frozen=True)
class Owner:
    """What a statement belongs to: a role, or the resource that has the policy."""

    kind: str  # the resource's type
    name: str
    label: str  # Markdown


@dataclass(frozen=True)
class Principal:
    """kind: Service, AWS, Federated, CanonicalUser, or * for everybody."""

    kind: str
    name: str  # Markdown


@dataclass(frozen=True)
class Condition:
    """One line of a condition: it holds for any of the values, or, negated, for none of them."""

    operator: str
    key: str
    values: tuple[str, ...]  # Markdown


@dataclass(frozen=True)
class Statement:
    """effect: Allow, Deny, MANAGED or BOUNDARY (whose actions are the policy's ARN). resources:
    Markdown.
    """

    owner: Owner
    effect: str
    actions: tuple[str, ...]
    trust: bool = False
    principals: tuple[Principal, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def of_role(self) -> bool:
        """It is about what a role may do, not about who may reach a resource or assume a role."""
        return self.owner.kind == ROLE and not self.trust

    @property
    def has_wildcard(self) -> bool:
        """It allows a pattern of actions, a pattern of resources, or everybody."""
        texts = (*self.actions, *self.resources, *(one.kind + one.name for one in self.principals))
        return self.effect == "Allow" and any("*" in text for text in texts)
