"""Conditions of policies for tests with properties, and what a request holds in them."""

from __future__ import annotations

from hypothesis import strategies as st

from scan_brief_cli.doctor.conditions import AWS_ADDRESS, Context

ROLE = (
    "arn:aws:iam::111122223333:role/aws-service-role/inspector2.amazonaws.com"
    "/AWSServiceRoleForAmazonInspector2"
)
CONTEXT: Context = {
    "aws:principalarn": [(ROLE,)],
    "aws:calledvia": [None],
    "aws:sourcevpce": [None],
    "aws:sourceip": [(AWS_ADDRESS,)],
    "aws:securetransport": [("true",)],
    "aws:multifactorauthpresent": [None, ("false",)],
    "test:chain": [("cloudformation.amazonaws.com", "athena.amazonaws.com")],
    "test:address": [("203.0.113.9",)],
    "test:none": [()],
}

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
OPERATORS = st.sampled_from(
    [
        quantifier + name + suffix
        for quantifier in ("", "ForAllValues:", "ForAnyValue:")
        for name in (
            "StringEquals",
            "StringNotLike",
            "ArnLike",
            "ArnNotEquals",
            "NotIpAddress",
            "Bool",
            "Null",
            "x",
        )
        for suffix in ("", "IfExists")
    ]
)
VALUES = (
    st.sampled_from([ROLE, "*", "203.0.113.0/24", "true", "${x}", "", ["a", ROLE], [], True])
    | JSON_VALUES
)
CONDITIONS = st.dictionaries(
    OPERATORS, st.dictionaries(st.sampled_from([*CONTEXT, "x"]), VALUES, max_size=3), max_size=3
)
