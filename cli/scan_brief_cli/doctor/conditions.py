"""Whether a policy statement's Condition holds: true, false, or None if unknown. Pure."""

# The operators and what an absent key means: IAM user guide, "IAM JSON policy elements: Condition
# operators" and "Single-valued vs. multivalued context keys".

from __future__ import annotations

import fnmatch
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

Truth = bool | None
# What a request may have under a key: values, or None if the key is absent.
State = tuple[str, ...] | None
# The possible states of each key, in lower case. Any other key may have any value.
Context = Mapping[str, Sequence[State]]

# An address of AWS's network. All that is known of it: it is in none of the user's networks.
AWS_ADDRESS = "an address of AWS"
# A public network with a shorter prefix may also have addresses of AWS.
_WIDEST_OFFICE = {4: 16, 6: 32}
_PRIVATE = [
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]


def any_of(truths: Iterable[Truth]) -> Truth:
    """True if any is true; None if none is true and any is unknown."""
    seen = set(truths)
    return True if True in seen else None if None in seen else False


def all_of(truths: Iterable[Truth]) -> Truth:
    """False if any is false; None if none is false and any is unknown."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def negate(truth: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


def holds(condition: object, context: Context) -> Truth:
    """Whether a Condition element holds for every request in the context; all lines must hold."""
    if not isinstance(condition, Mapping):
        return None
    return all_of(
        _line_holds(str(operator), str(key), wanted, context)
        for operator, keys in condition.items()
        for key, wanted in (keys.items() if isinstance(keys, Mapping) else [("", None)])
    )


def as_texts(value: object) -> list[str] | None:
    """One value or a list of them, as text; None for anything else."""
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(element, str | bool | int | float) for element in values):
        return None
    return [
        str(element).lower() if isinstance(element, bool) else str(element) for element in values
    ]


def like(value: str, pattern: str, *, ignore_case: bool = False) -> bool:
    """Whether `pattern`, in which * is any text and ? any character, is the whole value."""
    return bool(_compile(pattern, re.IGNORECASE if ignore_case else re.NOFLAG).fullmatch(value))


@lru_cache(maxsize=1024)
def _compile(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    # fnmatch avoids catastrophic backtracking for many *. In a policy, [ is an ordinary character.
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")), flags)


def _line_holds(operator: str, key: str, wanted: object, context: Context) -> Truth:
    read, patterns, states = _read_operator(operator), as_texts(wanted), context.get(key.lower())
    if read is None or patterns is None or states is None:
        return None
    results = {read(state, patterns) for state in states}
    return results.pop() if len(results) == 1 else None


def _read_operator(operator: str) -> Callable[[State, list[str]], Truth] | None:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null" and not quantifier:
        return _is_null
    name, if_exists = name.removesuffix("IfExists"), name.endswith("IfExists")
    negated = name in _NEGATED
    match = _MATCHES.get(_NEGATED.get(name, name))
    if match is None or quantifier not in _QUANTIFIERS:
        return None
    check_value, absent = _check_value(match, negated=negated), _QUANTIFIERS[quantifier][0]
    when_absent = if_exists or (negated if absent is None else absent)
    combine = _QUANTIFIERS[quantifier][1]

    def read(state: State, patterns: list[str]) -> Truth:
        return (
            when_absent
            if state is None
            else combine(check_value(value, patterns) for value in state)
        )

    return read


def _check_value(
    match: Callable[[str, str], Truth], *, negated: bool
) -> Callable[[str, list[str]], Truth]:
    """One of the policy's values must match; for a negated operator, none may."""

    def check(value: str, patterns: list[str]) -> Truth:
        found = any_of(None if "${" in pattern else match(value, pattern) for pattern in patterns)
        return negate(found) if negated else found

    return check


def _is_null(state: State, patterns: list[str]) -> Truth:
    return any_of(_match_bool(str(state is None).lower(), pattern) for pattern in patterns)


def _match_text(compare: Callable[[str, str], bool]) -> Callable[[str, str], Truth]:
    def match(value: str, pattern: str) -> Truth:
        return None if value == AWS_ADDRESS else compare(value, pattern)

    return match


def _match_arn(value: str, pattern: str) -> bool:
    """ArnEquals and ArnLike do the same: each of the six parts must match, so * ends at a colon."""
    ours, theirs = value.split(":", 5), pattern.split(":", 5)
    return len(ours) == len(theirs) == 6 and all(
        like(part, other) for part, other in zip(ours, theirs, strict=True)
    )


def _match_address(value: str, pattern: str) -> Truth:
    try:
        network = ipaddress.ip_network(pattern, strict=False)
        if value != AWS_ADDRESS:
            return ipaddress.ip_address(value) in network
    except ValueError:
        return None
    return (
        False
        if network.prefixlen >= _WIDEST_OFFICE[network.version] or _is_private(network)
        else None
    )


def _is_private(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return any(
        network.version == private.version and _contains(private, network) for private in _PRIVATE
    )


def _contains(private: Any, network: Any) -> bool:
    """Both are of the same version, which their types do not say."""
    return bool(network.subnet_of(private))


def _match_bool(value: str, pattern: str) -> Truth:
    return value == pattern.lower() if pattern.lower() in ("true", "false") else None


_MATCHES: Mapping[str, Callable[[str, str], Truth]] = {
    "StringEquals": _match_text(lambda value, pattern: value == pattern),
    "StringEqualsIgnoreCase": _match_text(
        lambda value, pattern: value.casefold() == pattern.casefold()
    ),
    "StringLike": _match_text(like),
    "ArnEquals": _match_text(_match_arn),
    "ArnLike": _match_text(_match_arn),
    "IpAddress": _match_address,
    "Bool": _match_text(lambda value, pattern: value == pattern.lower()),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
}
# The result of an absent key (None: true for a negated operator), and how several values combine.
# Without a set operator a key has one value. For more, AWS defines no result, so it is unknown.
_QUANTIFIERS: Mapping[str, tuple[bool | None, Callable[[Iterable[Truth]], Truth]]] = {
    "": (None, lambda truths: _only(list(truths))),
    "ForAllValues": (True, all_of),
    "ForAnyValue": (False, any_of),
}


def _only(truths: list[Truth]) -> Truth:
    return truths[0] if len(truths) == 1 else None
