"""References are resolved as CloudFormation would, and one that is not known is not passed over."""

from __future__ import annotations

import pytest

from tests.policy.resolve import resolve

PARAMETERS = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1"}


def test_references_are_resolved_wherever_they_stand() -> None:
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":x"]]}
    assert resolve({"a": [arn, {"b": {"Ref": "AWS::Region"}}, 1]}, PARAMETERS) == {
        "a": ["arn:aws:x", {"b": "eu-central-1"}, 1]
    }


@pytest.mark.parametrize("value", [{"Ref": "AWS::AccountId"}, {"Fn::GetAtt": ["Role", "Arn"]}])
def test_an_unknown_reference_is_not_passed_over(value: object) -> None:
    with pytest.raises(KeyError):
        resolve([value], PARAMETERS)
