"""The topic: encrypted, over TLS only, written by the workflow alone, read by the addresses."""

from __future__ import annotations

from aws_cdk.assertions import Match, Template


def test_the_topic_is_encrypted_with_a_rotating_key_of_its_own(template: Template) -> None:
    (key,) = template.find_resources("AWS::KMS::Key")
    template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
    template.has_resource_properties(
        "AWS::SNS::Topic",
        {"DisplayName": "Scan Brief", "KmsMasterKeyId": {"Fn::GetAtt": [key, "Arn"]}},
    )


def test_its_policy_only_denies(template: Template) -> None:
    (topic,) = template.find_resources("AWS::SNS::Topic")
    (role,) = (
        name
        for name in template.find_resources("AWS::IAM::Role")
        if name.startswith("NotifierWorkflowRole")
    )
    (policy,) = template.find_resources("AWS::SNS::TopicPolicy").values()
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert policy["Properties"]["Topics"] == [{"Ref": topic}]
    assert [
        (one["Effect"], one["Principal"], one["Action"], one["Resource"]) for one in statements
    ] == [("Deny", "*", "sns:Publish", {"Ref": topic})] * 2
    assert [one["Condition"] for one in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": [role, "Arn"]}}},
    ]


def test_every_address_is_subscribed(template: Template, chosen: Template) -> None:
    template.resource_count_is("AWS::SNS::Subscription", 1)
    chosen.resource_count_is("AWS::SNS::Subscription", 2)
    for endpoint in ("one@example.com", "two@example.org"):
        chosen.has_resource_properties(
            "AWS::SNS::Subscription",
            {"Protocol": "email", "Endpoint": endpoint, "TopicArn": {"Ref": Match.any_value()}},
        )
