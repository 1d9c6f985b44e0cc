"""Pure: the few upgrades that close the most risk, over all findings of an image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import combinations, islice
from typing import TYPE_CHECKING, NamedTuple

from scan_brief.findings.subscription import find_subscription
from scan_brief.findings.upgrades import Need, Owner, Part, Upgrades

if TYPE_CHECKING:
    from scan_brief.findings.advice import Advice
    from scan_brief.model import PackageVersion, Plan, Upgrade, UpgradeKind

MOST_UPGRADES = 5
_PACKAGES_SHOWN = 3
_IDS_SHOWN = 5
# Every combination of 5 of 16 is tried: 4,368.
_SHORT_LIST = 16


class Action(NamedTuple):
    """What is upgraded at once. manager, version: "" for anything but a package of its own."""

    kind: UpgradeKind
    name: str
    manager: str
    version: str


def make_plan(upgrades: Upgrades, advice: Advice) -> Plan:
    """After the lookup: its facts are part of the risk."""
    parts = _find_parts(upgrades, advice)
    action_of = {part.owner: action for action, members in parts.items() for part in members}
    needs: dict[frozenset[Action], Need] = defaultdict(Need)
    for owners, need in upgrades.needs.items():
        _merge(needs[frozenset(action_of[owner] for owner in owners)], need)
    chosen = choose({actions: need.risk for actions, need in needs.items()})
    total = _sum([*needs.values(), upgrades.without_fix, upgrades.overflow])
    done: set[Action] = set()
    steps: list[Upgrade] = []
    for action in chosen:
        done.add(action)
        closed = _sum(need for actions, need in needs.items() if action in actions <= done)
        fixed = [part for part in parts[action] if upgrades.parts[part].fixed_in]
        steps.append(_describe(action, fixed or parts[action], advice, closed, total))
    closed = _sum(need for actions, need in needs.items() if actions <= done)
    return {
        "upgrades": steps,
        "findings": closed.findings,
        "knownExploited": closed.known_exploited,
        "riskShare": _share(closed, total),
        "left": total.findings - closed.findings - upgrades.without_fix.findings,
        "withoutFix": upgrades.without_fix.findings,
    }


def list_steps(
    upgrades: Upgrades, advice: Advice, most: int
) -> Iterator[tuple[Upgrade, list[frozenset[Owner]]]]:
    """At most `most` upgrades, and which needs each closes besides the upgrades before it."""
    parts = _find_parts(upgrades, advice)
    action_of = {part.owner: action for action, members in parts.items() for part in members}
    left = {owners: frozenset(action_of[owner] for owner in owners) for owners in upgrades.needs}
    total = _sum(upgrades.needs.values())
    for action, closed in islice(_close(left, upgrades.needs), most):
        fixed = [part for part in parts[action] if upgrades.parts[part].fixed_in]
        need = _sum(upgrades.needs[owners] for owners in closed)
        yield _describe(action, fixed or parts[action], advice, need, total), closed


def _close(
    left: dict[frozenset[Owner], frozenset[Action]], needs: Mapping[frozenset[Owner], Need]
) -> Iterator[tuple[Action, list[frozenset[Owner]]]]:
    """The best actions, as long as there are needs that few together close; takes those away."""
    done: set[Action] = set()
    while left:
        worth: dict[frozenset[Action], int] = defaultdict(int)
        for owners, actions in left.items():
            worth[actions - done] += 1 + needs[owners].risk
        chosen = choose(worth)
        if not chosen:
            return
        for action in chosen:
            done.add(action)
            closed = _take_closed(left, done)
            if closed:
                yield action, closed


def _take_closed(
    left: dict[frozenset[Owner], frozenset[Action]], done: Set[Action]
) -> list[frozenset[Owner]]:
    closed = [owners for owners, actions in left.items() if actions <= done]
    for owners in closed:
        del left[owners]
    return closed


def choose(worth: Mapping[frozenset[Action], int]) -> list[Action]:
    """At most MOST_UPGRADES actions, so that the sets that they contain are worth the most.

    The best of all if no more than about ten actions are in a set with others. In their order, each
    adds the most to those before it.
    """
    short = sorted(_list_short(worth))
    bits = {action: 1 << number for number, action in enumerate(short)}
    inside = [
        (sum(bits[action] for action in actions), value)
        for actions, value in worth.items()
        if actions <= bits.keys()
    ]

    def weigh(have: int) -> int:
        return sum([value for needed, value in inside if needed & have == needed])

    size = min(MOST_UPGRADES, len(short))
    left = max(map(sum, combinations(bits.values(), size)), key=weigh)
    ordered, done = list[Action](), 0
    while weigh(done) < weigh(done | left):
        # Without a gain of its own, the one that the rest would miss most.
        best = max(
            (bit for bit in bits.values() if bit & left),
            key=lambda bit: (weigh(done | bit), -weigh(done | left & ~bit)),
        )
        left, done = left & ~best, done | best
        ordered.append(short[best.bit_length() - 1])
    return ordered


def _list_short(worth: Mapping[frozenset[Action], int]) -> set[Action]:
    """The actions that may be worth the most: the best of those that are in no set with others, and
    of the rest.
    """
    shared = {action for actions in worth if len(actions) > 1 for action in actions}
    promise: dict[Action, float] = defaultdict(float)
    for actions, value in worth.items():
        if len(actions) <= MOST_UPGRADES:
            for action in actions:
                promise[action] += value / len(actions)
    best = sorted(promise, key=lambda action: (-promise[action], action))
    alone = [action for action in best if action not in shared][:MOST_UPGRADES]
    together = [action for action in best if action in shared]
    return {*alone, *together[: _SHORT_LIST - len(alone)]}


def _find_parts(upgrades: Upgrades, advice: Advice) -> dict[Action, list[Part]]:
    """What each action upgrades, what has the most findings first.

    The same package with the same new version is one action, in however many places it is.
    """
    found: dict[Action, list[Part]] = defaultdict(list)
    for part in sorted(upgrades.parts, key=lambda part: (-upgrades.parts[part].findings, part)):
        kind, name, manager, _ = part.owner
        version = advice.of_part(part) if kind == "PACKAGE" else None
        found[Action(kind, name, manager, version or "")].append(part)
    return found


def _describe(
    action: Action, parts: Sequence[Part], advice: Advice, closed: Need, total: Need
) -> Upgrade:
    versions = list(dict.fromkeys(_list_versions(parts, advice)))
    shown: list[PackageVersion] = [
        {"name": name, "version": version} for name, version in versions[:_PACKAGES_SHOWN]
    ]
    needed = {name for _, version in versions if (name := find_subscription(version))}
    return {
        "kind": action.kind,
        "name": action.name,
        "packages": shown,
        "packagesOmitted": len(versions) - len(shown),
        "findings": closed.findings,
        "knownExploited": closed.known_exploited,
        "knownExploitedIds": sorted(closed.ids)[:_IDS_SHOWN],
        "riskShare": _share(closed, total),
        "subscription": min(needed, default=None),
        "subscriptionFindings": closed.subscribed,
    }


def _list_versions(parts: Sequence[Part], advice: Advice) -> Iterator[tuple[str, str | None]]:
    return ((part.name, advice.of_part(part)) for part in parts)


def _merge(need: Need, other: Need) -> None:
    need.findings += other.findings
    need.risk += other.risk
    need.subscribed += other.subscribed
    need.known_exploited += other.known_exploited
    need.ids |= other.ids


def _sum(needs: Iterable[Need]) -> Need:
    total = Need()
    for need in needs:
        _merge(total, need)
    return total


def _share(part: Need, whole: Need) -> float:
    """To a tenth of a percent; 1 only for all of it."""
    share = round(part.risk / whole.risk, 3) if whole.risk else 0.0
    return share if part.risk == whole.risk else min(share, 0.999)
