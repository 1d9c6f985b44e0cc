"""References are resolved as CloudFormation does, and an unknown reference is an error."""

from __future__ import annotations

import pytest

from tests.policy.resolve import resolve

PARAMETERS = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1"}


def test_references_are_resolved_at_any_depth() -> None:
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":x"]]}
    assert resolve({"a": [arn, {"b": {"Ref": "AWS::Region"}}, 1]}, PARAMETERS) == {
        "a": ["arn:aws:x", {"b": "eu-central-1"}, 1]
    }


@pytest.mark.parametrize("value", [{"Ref": "AWS::AccountId"}, {"Fn::GetAtt": ["Role", "Arn"]}])
def test_an_unknown_reference_is_an_error(value: object) -> None:
    with pytest.raises(KeyError):
        resolve([value], PARAMETERS)
