"""IAM's conditions with a third value: what holds, what does not, and what is unknown."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief_cli.doctor.conditions import Truth, all_of, any_of, holds, like
from tests.unit.cli.doctor.policy_shapes import CONDITIONS, CONTEXT, JSON_VALUES, ROLE, VALUES


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:PrincipalArn", ROLE, True),
        ("StringEquals", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/other", ROLE], True),
        ("StringEquals", "aws:PrincipalArn", ROLE.upper(), False),
        ("StringEqualsIgnoreCase", "aws:PrincipalArn", ROLE.upper(), True),
        ("StringNotEqualsIgnoreCase", "aws:PrincipalArn", ROLE.upper(), False),
        ("StringEquals", "AWS:principalARN", ROLE, True),
        ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", False),
        ("StringNotEquals", "aws:PrincipalArn", ["a", "b"], True),
        ("StringNotEquals", "aws:PrincipalArn", ["a", ROLE], False),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-service-role/*", True),
        ("StringLike", "aws:PrincipalArn", "arn:aws:iam::11112222333?:role/*", True),
        ("StringLike", "aws:PrincipalArn", "*[a]*", False),
        ("StringNotLike", "aws:PrincipalArn", "*inspector2*", False),
        ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-service-role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/aws-service-role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:*:role/aws-service-role/*", False),
        ("ArnLike", "aws:PrincipalArn", "not an ARN", False),
        ("ArnNotEquals", "aws:PrincipalArn", ROLE, False),
        ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/cdk-*", True),
        # A key that is absent: false, and true where negated.
        ("StringEquals", "aws:sourceVpce", "vpce-1", False),
        ("StringNotEquals", "aws:sourceVpce", "vpce-1", True),
        ("StringEqualsIfExists", "aws:sourceVpce", "vpce-1", True),
        ("StringNotEqualsIfExists", "aws:sourceVpce", "vpce-1", True),
        ("StringEqualsIfExists", "aws:PrincipalArn", "x", False),
        ("Null", "aws:sourceVpce", "true", True),
        ("Null", "aws:sourceVpce", False, False),
        ("Null", "aws:PrincipalArn", "true", False),
        ("Null", "aws:PrincipalArn", "false", True),
        ("Null", "aws:PrincipalArn", "maybe", None),
        # Sets.
        ("ForAllValues:StringNotEquals", "aws:CalledVia", "cloudformation.amazonaws.com", True),
        ("ForAllValues:StringEquals", "aws:CalledVia", "cloudformation.amazonaws.com", True),
        ("ForAnyValue:StringEquals", "aws:CalledVia", "cloudformation.amazonaws.com", False),
        ("ForAnyValue:StringNotEquals", "aws:CalledVia", "cloudformation.amazonaws.com", False),
        ("ForAnyValue:StringEqualsIfExists", "aws:CalledVia", "cloudformation.amazonaws.com", True),
        ("ForAllValues:StringNotEquals", "test:chain", "cloudformation.amazonaws.com", False),
        ("ForAnyValue:StringNotEquals", "test:chain", "cloudformation.amazonaws.com", True),
        ("ForAllValues:StringEquals", "test:chain", "cloudformation.amazonaws.com", False),
        ("ForAllValues:StringLike", "test:chain", "*.amazonaws.com", True),
        ("ForAnyValue:StringEquals", "test:chain", ["x", "athena.amazonaws.com"], True),
        ("StringEquals", "test:chain", "athena.amazonaws.com", None),
        ("ForAnyValue:StringEquals", "test:none", "x", False),
        ("ForAllValues:StringEquals", "test:none", "x", True),
        # Addresses: a service's own is none of an office's.
        ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "198.51.100.7"], True),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", False),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("NotIpAddress", "aws:SourceIp", "2001:db8::/32", True),
        ("NotIpAddress", "aws:SourceIp", "0.0.0.0/0", None),
        ("NotIpAddress", "aws:SourceIp", "52.0.0.0/8", None),
        ("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "2600::/12"], None),
        ("NotIpAddress", "aws:SourceIp", "an office", None),
        ("StringEquals", "aws:SourceIp", "203.0.113.9", None),
        ("IpAddress", "test:address", "203.0.113.0/24", True),
        ("NotIpAddress", "test:address", "203.0.113.0/24", False),
        ("IpAddress", "test:address", "2001:db8::/32", False),
        # Booleans; of the second key two states are possible.
        ("Bool", "aws:SecureTransport", "false", False),
        ("Bool", "aws:SecureTransport", True, True),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false", True),
        ("Bool", "aws:MultiFactorAuthPresent", "false", None),
        ("Bool", "aws:MultiFactorAuthPresent", "true", False),
        ("Null", "aws:MultiFactorAuthPresent", "true", None),
        # What is not known here.
        ("StringEquals", "aws:PrincipalOrgID", "o-1", None),
        ("StringNotEquals", "aws:PrincipalTag/team", "x", None),
        ("StringNotEquals", "aws:PrincipalArn", "${aws:PrincipalArn}", None),
        ("StringEquals", "aws:PrincipalArn", ["${x}", ROLE], True),
        ("NumericLessThan", "aws:PrincipalArn", "3", None),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", None),
        ("stringequals", "aws:PrincipalArn", ROLE, None),
        ("ForSomeValues:StringEquals", "aws:CalledVia", "x", None),
        ("ForAnyValue:Null", "aws:CalledVia", "true", None),
        ("StringEquals", "aws:PrincipalArn", [], None),
        ("StringEquals", "aws:PrincipalArn", {"a": "b"}, None),
        ("StringEquals", "aws:PrincipalArn", None, None),
    ],
)
def test_a_condition_line(operator: str, key: str, values: object, expected: Truth) -> None:
    assert holds({operator: {key: values}}, CONTEXT) is expected


TRUE, FALSE, UNKNOWN = (
    {"StringEquals": {"aws:PrincipalArn": ROLE}},
    {"Null": {"aws:PrincipalArn": "true"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-1"}},
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], True),
        ([TRUE], True),
        ([TRUE, FALSE], False),
        ([TRUE, UNKNOWN], None),
        ([FALSE, UNKNOWN], False),
        ([TRUE, FALSE, UNKNOWN], False),
    ],
)
def test_lines_and_together(lines: list[dict[str, Any]], expected: Truth) -> None:
    for order in itertools.permutations(lines):
        condition = {key: value for line in order for key, value in line.items()}
        assert holds(condition, CONTEXT) is expected


def test_keys_of_one_operator_and_together() -> None:
    both = {"aws:sourceVpce": "vpce-1", "aws:PrincipalArn": ROLE}
    assert holds({"StringNotEquals": both}, CONTEXT) is False


@pytest.mark.parametrize(
    "condition", [None, [], "x", {"StringEquals": "x"}, {"StringEquals": None}]
)
def test_an_invalid_condition_is_unknown(condition: object) -> None:
    assert holds(condition, CONTEXT) is None


def test_any_and_all() -> None:
    assert (any_of([]), all_of([])) == (False, True)
    for truths in itertools.product((True, False, None), repeat=3):
        opposite = [None if truth is None else not truth for truth in truths]
        whole = any_of(truths)
        assert all_of(opposite) is (None if whole is None else not whole)
        assert (True in truths) == (whole is True)


def test_a_pattern_with_many_stars_ends() -> None:
    """Compared by trying every division of the text, it would not end in years."""
    assert not like("a" * 2_000, "*a" * 50 + "b")


@given(CONDITIONS | JSON_VALUES)
def test_no_input_raises(condition: object) -> None:
    assert holds(condition, CONTEXT) in (True, False, None)


@given(CONDITIONS)
def test_an_exemption_of_the_role_always_exempts_it(
    condition: dict[str, dict[str, object]],
) -> None:
    exempt = {
        **condition,
        "ArnNotEquals": {**condition.get("ArnNotEquals", {}), "AWS:PrincipalArn": ROLE},
    }
    assert holds(exempt, CONTEXT) is False


@given(CONDITIONS, st.data())
def test_an_added_line_never_makes_a_denial_more_certain(
    condition: dict[str, dict[str, object]], data: st.DataObject
) -> None:
    """All lines must hold, so a false condition stays false with another line."""
    more = {**data.draw(CONDITIONS), **condition}
    before, after = holds(condition, CONTEXT), holds(more, CONTEXT)
    if before is False:
        assert after is False
    if after is True:
        assert before is True


POSITIVE = {
    "StringEquals": "StringNotEquals",
    "StringLike": "StringNotLike",
    "ArnLike": "ArnNotLike",
}


@given(st.sampled_from(sorted(POSITIVE)), st.sampled_from(sorted(CONTEXT)), VALUES)
def test_a_negated_operator_is_the_opposite(operator: str, key: str, values: object) -> None:
    """Except IfExists and set operators, which are no opposites if the key is absent."""
    found, opposite = (
        holds({name: {key: values}}, CONTEXT) for name in (operator, POSITIVE[operator])
    )
    assert opposite is (None if found is None else not found)
