"""The operations topic: encrypted, TLS only, published to by this stack's alarms only."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
from scan_brief_cdk.route import Route
from scan_brief_cdk.settings import Settings, SettingsError

TOPIC = "arn:aws:sns:eu-central-1:111122223333:alarms"
ROUTES = (
    Route(name="web", emails=("web@example.com", "all@example.com")),
    Route(name="api/*", emails=("ALL@example.com", "api@example.com")),
)
MANY = {
    "existingRepositories": [
        {"repositoryName": "web", "emails": "web@example.com"},
        {"repositoryName": "api", "emails": "api@example.com"},
    ]
}


def own(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    """Logical id and properties of the operations topic's resource."""
    (found,) = (
        (name, resource["Properties"])
        for name, resource in template.find_resources(kind).items()
        if "OperationsTopic" in name
    )
    return found


def addresses(template: Template) -> list[str]:
    topic, _ = own(template, "AWS::SNS::Topic")
    return [
        subscription["Properties"]["Endpoint"]
        for subscription in template.find_resources("AWS::SNS::Subscription").values()
        if subscription["Properties"]["TopicArn"] == {"Ref": topic}
    ]


def notify(**properties: Any) -> Template:
    stack = Stack(App(), "Stack")
    ScanNotifier(stack, "Notifier", routes=ROUTES, **properties)
    return Template.from_stack(stack)


def test_only_this_stacks_alarms_publish_and_only_over_tls(template: Template) -> None:
    topic, properties = own(template, "AWS::SNS::Topic")
    _, policy = own(template, "AWS::SNS::TopicPolicy")
    alarms = {
        name
        for kind in ("Alarm", "CompositeAlarm")
        for name, alarm in template.find_resources(f"AWS::CloudWatch::{kind}").items()
        if "AlarmActions" in alarm["Properties"]
    }
    deny, allow = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"], deny["Condition"]) == (
        "Deny",
        "sns:Publish",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert (allow["Principal"], allow["Action"], allow["Resource"]) == (
        {"Service": "cloudwatch.amazonaws.com"},
        "sns:Publish",
        {"Ref": topic},
    )
    sources = allow["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert {source["Fn::GetAtt"][0] for source in sources} == set(alarms)
    assert allow["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    key, _ = own(template, "AWS::KMS::Key")
    assert properties["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}


def test_cloudwatch_may_use_the_key_for_this_account(template: Template) -> None:
    _, key = own(template, "AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    (allow,) = (
        statement
        for statement in key["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    )
    assert {"kms:Decrypt", "kms:GenerateDataKey"} <= set(allow["Action"])
    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({}, ["web@example.com", "all@example.com", "api@example.com"]),
        ({"operations_emails": ["ops@example.com"]}, ["ops@example.com"]),
        ({"operations_emails": []}, []),
    ],
)
def test_the_addresses_of_the_construct(properties: dict[str, Any], expected: list[str]) -> None:
    assert addresses(notify(**properties)) == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"emails": "top@example.com"}, ("top@example.com",)),
        ({}, None),
        ({"emails": "top@example.com", "operationsEmails": "o@example.com"}, ("o@example.com",)),
        ({"operationsEmails": []}, ()),
        ({"operationsEmails": ""}, None),
    ],
)
def test_the_addresses_of_the_settings(
    context: dict[str, Any], expected: tuple[str, ...] | None
) -> None:
    assert Settings.from_context(MANY | context).operations_emails == expected


def test_a_given_topic_replaces_the_own_one_and_has_subscribers_of_its_own() -> None:
    stack = Stack(App(), "Stack")
    given = sns.Topic.from_topic_arn(stack, "Given", TOPIC)
    with pytest.raises(ValueError, match=r"operations_emails: given .* besides alarm_topic"):
        ScanNotifier(
            stack, "Both", routes=ROUTES, alarm_topic=given, operations_emails=["o@example.com"]
        )
    notifier = ScanNotifier(stack, "Notifier", routes=ROUTES, alarm_topic=given)
    assert notifier.outputs["OperationsTopicArn"] == TOPIC
    with pytest.raises(SettingsError, match=r"alarmTopicArn: given .* besides operationsEmails"):
        Settings.from_context(MANY | {"operationsEmails": "o@example.com", "alarmTopicArn": TOPIC})


@pytest.mark.parametrize("bad", ["nobody", ["a@b.cd", "a@b.cd"], [7]])
def test_an_invalid_address_is_refused_by_name(bad: Any) -> None:
    with pytest.raises(SettingsError, match="operationsEmails: given"):
        Settings.from_context(MANY | {"operationsEmails": bad})
