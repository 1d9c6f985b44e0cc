"""One statement of a policy, described for a reader. Pure."""

from __future__ import annotations

from dataclasses import dataclass

ROLE = "AWS::IAM::Role"


@dataclass(frozen=True)
class Owner:
    """The role, or the resource that has the policy. name: the logical id without CDK's hash."""

    kind: str  # the resource's type
    logical_id: str
    name: str
    label: str  # Markdown


@dataclass(frozen=True)
class Principal:
    """kind: Service, AWS, Federated, CanonicalUser, or * for everybody."""

    kind: str
    name: str  # Markdown


@dataclass(frozen=True)
class Condition:
    """One line of a condition: any of the values must match or, negated, none of them."""

    operator: str
    key: str
    values: tuple[str, ...]  # Markdown

    def __str__(self) -> str:
        return f"{self.operator} {self.key}"


@dataclass(frozen=True)
class Statement:
    """effect: Allow or Deny. trust: it says who may assume the role. resources: Markdown."""

    owner: Owner
    effect: str
    actions: tuple[str, ...]
    trust: bool = False
    principals: tuple[Principal, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def of_role(self) -> bool:
        """It says what a role may do, not who may reach a resource or assume a role."""
        return self.owner.kind == ROLE and not self.trust

    @property
    def has_wildcard(self) -> bool:
        """It allows a pattern of actions, a pattern of resources, or everybody."""
        principals = (principal.kind + principal.name for principal in self.principals)
        texts = (*self.actions, *self.resources, *principals)
        return self.effect == "Allow" and any("*" in text for text in texts)
