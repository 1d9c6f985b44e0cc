"""The memory's table, and the keys that each function may use."""

from __future__ import annotations

from typing import Any

from aws_cdk.assertions import Template

from scan_brief.aws import asked_memory, digest_memory, memory, window_table
from scan_brief_cdk.memory import table


def list_grants(template: Template, role: str) -> dict[str, list[str]]:
    """The beginnings of keys by action."""
    policies = template.find_resources("AWS::IAM::Policy")
    (found,) = (part for name, part in policies.items() if name.startswith(f"Notifier{role}Role"))
    grants: dict[str, list[str]] = {}
    for statement in found["Properties"]["PolicyDocument"]["Statement"]:
        keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {})
        for action in [statement["Action"]] if keys else []:
            for name in [action] if isinstance(action, str) else action:
                grants[name] = keys["dynamodb:LeadingKeys"]
    return grants


def test_the_table_is_encrypted_recoverable_forgetful_and_goes_with_the_stack(
    template: Template,
) -> None:
    (found,) = template.find_resources("AWS::DynamoDB::Table").values()
    properties: dict[str, Any] = found["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    recovery = properties["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_each_function_may_use_the_keys_that_it_writes_and_no_others(template: Template) -> None:
    keys = {
        name: f"{name}*"
        for name in (memory.BRIEF, memory.FINDINGS, memory.DETAILS, window_table.GATHER)
    }
    assert tuple(keys) == (table.BRIEF, table.FINDINGS, table.DETAILS, table.GATHER)
    of_windows = [keys[window_table.GATHER]]
    assert list_grants(template, "GatherBrief") == {
        "dynamodb:GetItem": of_windows,
        "dynamodb:PutItem": of_windows,
        "dynamodb:UpdateItem": of_windows,
    }
    assert list_grants(template, "GatherSummary") == {
        "dynamodb:BatchGetItem": of_windows,
        "dynamodb:UpdateItem": of_windows,
    }
    of_fetch = [keys[memory.FINDINGS], keys[memory.DETAILS]]
    assert list_grants(template, "FetchFindings") == {
        "dynamodb:Query": [keys[memory.BRIEF]],
        "dynamodb:GetItem": of_fetch,
        "dynamodb:PutItem": of_fetch,
    }
    assert list_grants(template, "RememberBrief") == {"dynamodb:PutItem": [keys[memory.BRIEF]]}
    assert list_grants(template, "FormatMessage") == {}
    digest, held = f"{digest_memory.DIGEST}*", f"{table.HELD}*"
    of_digest = [digest, keys[memory.FINDINGS], keys[memory.DETAILS]]
    assert list_grants(template, "GatherDigest") == {
        "dynamodb:Query": [keys[memory.BRIEF], digest, held, keys[memory.DETAILS]],
        "dynamodb:GetItem": of_digest,
        "dynamodb:PutItem": of_digest,
    }
    assert list_grants(template, "RememberDigest") == {
        "dynamodb:PutItem": [digest],
        "dynamodb:DeleteItem": [held],
        "dynamodb:Query": [held],
    }


def test_what_chats_ignore_has_keys_of_its_own(chosen: Template) -> None:
    assert asked_memory.IGNORE == table.IGNORE
    keys = [f"{table.IGNORE}*"]
    assert list_grants(chosen, "IgnoreVulnerability") == {"dynamodb:PutItem": keys}
    of_fetch = list_grants(chosen, "FetchFindings")
    assert of_fetch.pop("dynamodb:Query") == [f"{table.BRIEF}*", *keys]
    assert not [found for found in of_fetch.values() if set(found) & set(keys)]
    assert list_grants(chosen, "GatherDigest")["dynamodb:Query"][-1:] == keys
