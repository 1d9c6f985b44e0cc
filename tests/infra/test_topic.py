"""The topic: encrypted, TLS only, published to by the workflow only, read by the addresses."""

from __future__ import annotations

from aws_cdk.assertions import Match, Template


def find(template: Template, kind: str) -> str:
    """The logical id of the resource that belongs to the topic of the briefs."""
    (found,) = (name for name in template.find_resources(kind) if "BriefTopic" in name)
    return found


def test_the_topics_own_rotating_key_encrypts_it(template: Template) -> None:
    key = find(template, "AWS::KMS::Key")
    template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
    template.has_resource_properties(
        "AWS::SNS::Topic",
        {"DisplayName": "Scan Brief", "KmsMasterKeyId": {"Fn::GetAtt": [key, "Arn"]}},
    )


def test_its_policy_only_denies(template: Template) -> None:
    topic = find(template, "AWS::SNS::Topic")
    roles = [
        name
        for machine in ("Brief", "Summary", "Fallback", "Digest")
        for name in template.find_resources("AWS::IAM::Role")
        if name.startswith(f"Notifier{machine}MachineRole")
    ]
    policy = template.find_resources("AWS::SNS::TopicPolicy")[
        find(template, "AWS::SNS::TopicPolicy")
    ]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert policy["Properties"]["Topics"] == [{"Ref": topic}]
    assert [
        tuple(statement[key] for key in ("Effect", "Principal", "Action", "Resource"))
        for statement in statements
    ] == [("Deny", "*", "sns:Publish", {"Ref": topic})] * 2
    assert [statement["Condition"] for statement in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {
            "ArnNotEquals": {
                "aws:PrincipalArn": [{"Fn::GetAtt": [role, "Arn"]} for role in roles],
            }
        },
    ]


def test_every_address_is_subscribed(template: Template, chosen: Template) -> None:
    template.resource_count_is("AWS::SNS::Subscription", 2)  # one for the alarms
    chosen.resource_count_is("AWS::SNS::Subscription", 2)
    for endpoint in ("one@example.com", "two@example.org"):
        chosen.has_resource_properties(
            "AWS::SNS::Subscription",
            {"Protocol": "email", "Endpoint": endpoint, "TopicArn": {"Ref": Match.any_value()}},
        )
