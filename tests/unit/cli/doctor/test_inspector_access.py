"""Who is shut out: policies of repositories and registries as Inspector meets them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.scan.request import Registry
from scan_brief_cdk.repository_policy import deny_all_others, inspector_role_arn
from scan_brief_cli.doctor.inspector_access import ACTIONS, Access, check_policy
from tests.unit.cli.doctor.policy_shapes import CONDITIONS, JSON_VALUES

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")
PATHLESS = "arn:aws:iam::111122223333:role/AWSServiceRoleForAmazonInspector2"
SESSION = "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonInspector2/x"
REPOSITORY = "arn:aws:ecr:eu-central-1:111122223333:repository/sample-app"
ROLE = inspector_role_arn(partition="aws", account="111122223333")
OFFICE = {
    "StringNotEquals": {"aws:sourceVpce": "vpce-0a0a0a0a"},
    "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
}
GOOD = deny_all_others(
    vpc_endpoint_ids=["vpce-0a0a0a0a", "vpce-0b0b0b0b"],
    allowed_cidrs=["203.0.113.0/24", "52.0.0.0/8"],
    exempt_principal_arns=[ROLE, "arn:aws:iam::111122223333:role/ci"],
)


def evaluate(*statements: object) -> Access:
    return check_policy(
        json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), REGISTRY, REPOSITORY
    )


def deny(**elements: Any) -> dict[str, Any]:
    return {"Sid": "Lock", "Effect": "Deny", "Principal": "*", "Action": "ecr:*", **elements}


def verdict(*statements: object) -> str:
    access = evaluate(*statements)
    return "shut out" if access.denied else "undecided" if access.undecided else "open"


def test_the_recommended_policy_admits_inspector() -> None:
    assert evaluate(GOOD) == Access()


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_in_every_partition(partition: str) -> None:
    registry = Registry(account="111122223333", region="x-1", partition=partition)
    role = inspector_role_arn(partition=partition, account="111122223333")
    policy = deny_all_others(
        vpc_endpoint_ids=["v"], allowed_cidrs=["203.0.113.0/24"], exempt_principal_arns=[role]
    )
    for exempt, expected in ((policy, True), (deny(Condition=OFFICE), False)):
        text = json.dumps({"Statement": exempt})
        assert (
            check_policy(text, registry, f"arn:{partition}:ecr:x-1:111122223333:repository/a")
            == Access()
        ) is expected


def test_a_denying_policy_is_reported_with_its_statement() -> None:
    (denial,) = evaluate(deny(Condition=OFFICE)).denied
    assert (denial.statement, denial.actions) == ('statement "Lock"', ACTIONS)


def test_a_statement_without_a_sid_is_named_by_its_position() -> None:
    anonymous = deny(Condition=OFFICE)
    del anonymous["Sid"]
    (denial,) = evaluate({**GOOD, "Sid": "First"}, anonymous).denied
    assert denial.statement == "statement 2"


def test_only_the_actions_that_are_denied_are_named() -> None:
    (denial,) = evaluate(deny(Action=["ecr:batchget*", "ecr:PutImage"])).denied
    assert denial.actions == ("ecr:BatchGetImage", "ecr:BatchGetRepositoryScanningConfiguration")


# The form of AWS's own data perimeter examples: it exempts service-linked roles by a wildcard.
PERIMETER = {
    "NotIpAddressIfExists": {"aws:SourceIp": ["203.0.113.0/24"]},
    "StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-1", "aws:PrincipalTag/exception": "true"},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
    "ArnNotLikeIfExists": {"aws:PrincipalArn": ["arn:aws:iam::*:role/aws-service-role/*"]},
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, "shut out"),
        ({"StringNotEquals": {"aws:sourceVpce": "vpce-1"}}, "shut out"),
        ({"StringNotEqualsIfExists": {"aws:sourceVpce": "vpce-1"}}, "shut out"),
        ({"StringNotLike": {"aws:sourceVpc": "vpc-*"}}, "shut out"),
        ({"Null": {"aws:sourceVpce": "true"}}, "shut out"),
        ({"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}, "shut out"),
        ({"NotIpAddressIfExists": {"aws:SourceIp": ["203.0.113.0/24"]}}, "shut out"),
        ({"NotIpAddress": {"aws:SourceIp": ["3.0.0.0/8"]}}, "undecided"),
        (
            {"ForAllValues:StringNotEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
            "shut out",
        ),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, "shut out"),
        ({"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}, "shut out"),
        ({"BoolIfExists": {"aws:ViaAWSService": "false"}}, "shut out"),
        ({"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/ci"}}, "shut out"),
        (
            {
                "ArnNotEquals": {
                    "aws:PrincipalArn": ROLE.replace(
                        "aws-service-role/inspector2.amazonaws.com/", ""
                    )
                }
            },
            "shut out",
        ),
        ({"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}, "shut out"),
        ({**OFFICE, "ArnNotEquals": {"aws:PrincipalArn": ROLE}}, "open"),
        (
            {
                **OFFICE,
                "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-service-role/*"},
            },
            "open",
        ),
        ({**OFFICE, "StringNotLike": {"aws:PrincipalArn": "*AWSServiceRoleFor*"}}, "open"),
        (PERIMETER, "open"),
        (
            {**PERIMETER, "ArnNotLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/a"}},
            "undecided",
        ),
        ({"StringEquals": {"aws:sourceVpce": "vpce-1"}}, "open"),
        ({"Bool": {"aws:SecureTransport": "false"}}, "open"),
        ({"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}, "open"),
        ({"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}}, "open"),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "open"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}, "undecided"),
        ({**OFFICE, "StringNotEquals": {"aws:PrincipalTag/team": "x"}}, "undecided"),
        ({**OFFICE, "StringNotLike": {"aws:userId": "AROA*"}}, "undecided"),
        ({**OFFICE, "DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}, "undecided"),
        ("not a condition", "undecided"),
    ],
)
def test_conditions(condition: object, expected: str) -> None:
    assert verdict(deny(Condition=condition)) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Principal": {"AWS": "*"}}, "shut out"),
        ({"Principal": {"AWS": ["arn:aws:iam::444455556666:root", "111122223333"]}}, "shut out"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, "shut out"),
        ({"Principal": {"AWS": ROLE}}, "shut out"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/ci"}}, "open"),
        ({"Principal": {"AWS": "444455556666"}}, "open"),
        ({"Principal": {"AWS": "AROAEXAMPLEEXAMPLE"}}, "open"),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, "open"),
        ({"Principal": {"Service": "inspector2.amazonaws.com"}}, "undecided"),
        ({"Principal": {"Federated": "x", "CanonicalUser": "y"}}, "open"),
        ({"Principal": {"Somebody": "x"}}, "undecided"),
        (
            {
                "Principal": {
                    "AWS": (
                        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonInspector2/x"
                    )
                }
            },
            "undecided",
        ),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}}, "undecided"),
        ({"Principal": {}}, "undecided"),
        ({"Principal": "everybody"}, "undecided"),
        ({"NotPrincipal": {"AWS": "*"}}, "undecided"),  # both elements at once
        ({"Action": "*"}, "shut out"),
        ({"Action": ["ecr:PutImage", "ECR:BATCHGETIMAGE"]}, "shut out"),
        ({"Action": "ecr:Get*"}, "shut out"),
        ({"Action": "ecr:?escribeImages"}, "shut out"),
        (
            {"Action": ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:GetAuthorizationToken"]},
            "open",
        ),
        ({"Action": []}, "undecided"),
        ({"Resource": "*"}, "shut out"),
        ({"Resource": "arn:aws:ecr:*:111122223333:repository/sample-*"}, "shut out"),
        ({"Resource": ["arn:aws:ecr:eu-central-1:111122223333:repository/other"]}, "open"),
        ({"NotResource": "arn:aws:ecr:eu-central-1:111122223333:repository/other"}, "shut out"),
        ({"NotResource": "arn:aws:ecr:*:*:repository/*"}, "open"),
        ({"Resource": "arn:aws:ecr:*:*:repository/${aws:PrincipalTag/team}"}, "undecided"),
        ({"Effect": "Allow"}, "open"),
        ({"Effect": "deny"}, "undecided"),
    ],
)
def test_elements(elements: dict[str, Any], expected: str) -> None:
    assert verdict(deny(**elements)) == expected


def without(name: str, **elements: Any) -> dict[str, Any]:
    return {key: value for key, value in deny(**elements).items() if key != name}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (without("Action", NotAction=["ecr:PutImage"]), "shut out"),
        (without("Action", NotAction="ecr:*"), "open"),
        (
            without("Action", NotAction=["ecr:Batch*", "ecr:D*", "ecr:Get*"]),
            "shut out",
        ),  # ListImages is left
        (without("Action"), "undecided"),
        (
            without("Principal", NotPrincipal={"AWS": "arn:aws:iam::111122223333:role/ci"}),
            "shut out",
        ),
        (without("Principal", NotPrincipal={"AWS": [ROLE, "111122223333"]}), "undecided"),
        (without("Principal", NotPrincipal={"AWS": "*"}), "open"),
        (without("Principal", NotPrincipal={"Service": "inspector2.amazonaws.com"}), "undecided"),
        (without("Principal"), "undecided"),
    ],
)
def test_elements_that_exclude(statement: dict[str, Any], expected: str) -> None:
    assert verdict(statement) == expected


@pytest.mark.parametrize(
    "policy", ["", "{", "[]", "null", "{}", '{"Statement": 1}', '{"Statement": [1]}', "[" * 100_000]
)
def test_an_invalid_policy_is_undecided(policy: str) -> None:
    access = check_policy(policy, REGISTRY, REPOSITORY)
    assert (access.denied, len(access.undecided)) == ((), 1)


def test_a_policy_without_statements_denies_nothing() -> None:
    assert evaluate() == Access()


STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Deny", "Allow"])},
    optional={
        "Sid": st.just("S") | JSON_VALUES,
        "Principal": st.sampled_from(["*", {"AWS": ROLE}, {"Service": ["x"]}]) | JSON_VALUES,
        "NotPrincipal": st.sampled_from(["*", {"AWS": ROLE}]) | JSON_VALUES,
        "Action": st.sampled_from(["ecr:*", ["ecr:PutImage"]]) | JSON_VALUES,
        "NotAction": st.sampled_from(["ecr:PutImage"]) | JSON_VALUES,
        "Resource": st.sampled_from(["*"]) | JSON_VALUES,
        "Condition": CONDITIONS | JSON_VALUES,
    },
)


@given(st.lists(STATEMENTS | JSON_VALUES, max_size=4))
def test_no_input_raises_and_the_order_does_not_matter(statements: list[object]) -> None:
    assert verdict(*statements) == verdict(*reversed(statements))


@given(st.lists(STATEMENTS, max_size=3), STATEMENTS)
def test_allowing_more_changes_nothing(
    statements: list[object], another: dict[str, object]
) -> None:
    allowed = {**another, "Effect": "Allow"}
    assert verdict(*statements, allowed) == verdict(*statements)


@given(CONDITIONS)
def test_a_deny_that_exempts_the_role_never_denies_it(
    condition: dict[str, dict[str, object]],
) -> None:
    exempt = {
        **condition,
        "ArnNotEquals": {**condition.get("ArnNotEquals", {}), "AWS:PrincipalArn": [ROLE]},
    }
    assert verdict(deny(Condition=exempt)) == "open"
