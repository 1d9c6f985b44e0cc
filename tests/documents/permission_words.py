"""The words of docs/permissions.md: why each permission is there, and what the template must not
hold.
"""

from __future__ import annotations

from tests.documents.reasons import Why

_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
_NO_RESOURCE = "the actions take no resource"
_TLS = {"Bool aws:SecureTransport": ""}

ROLES = (
    Why("FetchFindingsRole", ("sts:AssumeRole",), "Lambda runs FetchFindings as it", trust=True),
    Why(
        "FetchFindingsRole",
        ("inspector2:ListCoverage", "inspector2:ListFindings"),
        "the findings of an image; its digest, its tags, and whether it was scanned",
        wildcard=(
            f"{_NO_RESOURCE}, so the findings of every image of the account and region can be read"
        ),
    ),
    Why("FetchFindingsRole", _LOG, "its log"),
    Why("FormatMessageRole", ("sts:AssumeRole",), "Lambda runs FormatMessage as it", trust=True),
    Why("FormatMessageRole", _LOG, "its log; it turns text into text and needs nothing else"),
    Why("WorkflowRole", ("sts:AssumeRole",), "Step Functions runs the workflow as it", trust=True),
    Why(
        "WorkflowRole", ("lambda:InvokeFunction",), "the two tasks, FetchFindings and FormatMessage"
    ),
    Why("WorkflowRole", ("sns:Publish",), "the brief"),
    Why(
        "WorkflowRole",
        ("kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
        "SNS uses the topic's key in the publisher's name",
    ),
    Why(
        "WorkflowRole",
        (
            *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups"),
            *("logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries"),
            *("logs:PutResourcePolicy", "logs:UpdateLogDelivery"),
        ),
        "Step Functions sets up the delivery of the workflow's log",
        wildcard=(
            f"{_NO_RESOURCE}, since log delivery is the account's. So `logs:PutResourcePolicy`"
            " reaches every resource policy of CloudWatch Logs in the account and region"
        ),
    ),
    Why(
        "WorkflowRole",
        (
            *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
            *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        ),
        "the workflow's traces",
        wildcard=_NO_RESOURCE,
    ),
    Why(
        "StateMachineEventsRole",
        ("sts:AssumeRole",),
        "EventBridge takes it to deliver a scan event",
        trust=True,
    ),
    Why(
        "StateMachineEventsRole",
        ("states:StartExecution",),
        "the rule's target: a scan starts the workflow",
    ),
)

RESOURCES = (
    Why(
        "AWS::SNS::Topic",
        ("sns:Publish",),
        "nobody publishes in clear text",
        effect="Deny",
        conditions=_TLS,
    ),
    Why(
        "AWS::SNS::Topic",
        ("sns:Publish",),
        "nobody but the workflow publishes, whatever IAM says, administrators included: no false"
        " all-clear",
        effect="Deny",
        conditions={"ArnNotEquals aws:PrincipalArn": ""},
    ),
    Why(
        "AWS::KMS::Key",
        ("kms:*",),
        "the account's IAM decides who may use and manage the key; without this line nobody could",
        wildcard="in a key's policy the resource `*` is the key itself",
    ),
    Why(
        "AWS::SQS::Queue",
        ("sqs:SendMessage",),
        "scan events that could not be delivered, of this stack's rule only",
        conditions={"ArnEquals aws:SourceArn": ""},
    ),
    Why("AWS::SQS::Queue", ("sqs:*",), "nothing in clear text", effect="Deny", conditions=_TLS),
    Why(
        "AWS::ECR::Repository",
        ("ecr:*",),
        "whoever is not exempt is shut out, whatever IAM says. ECR takes no resource here: it is"
        " this repository. It allows nothing: an exempt caller still needs a permission from IAM."
        " Caller by caller: [repository-policy.md](repository-policy.md)",
        effect="Deny",
        conditions={
            "StringNotEquals aws:sourceVpce": (
                "requests through the two endpoints. The key is present only through "
                "an endpoint, with one value; absent, the negated line holds"
            ),
            "NotIpAddress aws:SourceIp": (
                "requests from `allowedCidrs`. The key is present only through the "
                "internet; through an endpoint it is absent, so private ranges would never match"
            ),
            "ForAllValues:StringNotEquals aws:CalledVia": (
                "calls that CloudFormation makes for its caller. The key has several values and"
                " needs a set operator. This one holds when the key is absent (a direct call) or"
                " names no CloudFormation; `ForAnyValue` would let direct calls pass, and the bare"
                " operator is read differently by different evaluators"
            ),
            "ArnNotEquals aws:PrincipalArn": (
                "Inspector's service-linked role, which denied would silently not scan; the"
                " bootstrap's deployment role, by name, since `aws:CalledVia` may be absent when"
                " CloudFormation works with a role of its own; and `exemptPrincipalArns`. The key"
                " is the role behind a session, one value; no wildcard"
            ),
        },
    ),
)
WHYS = (*ROLES, *RESOURCES)

INTRODUCTION = """\
Who may do what once the stack is deployed, with the settings in `cdk.json`: every role, every policy of a resource,
and why each line is there. It is read out of the synthesized template; a test fails when the two differ and when a
line has no reason. Names are the template's logical ids without the hash at their end; what is known only at
deployment stands in angle brackets."""

EXEMPTIONS = """\
The lines of the condition AND together and each is negated, so the denial bites only when every one of them holds:
each exempts by itself."""

OUTSIDE = """\
- Subscribing to the topic, reading executions and logs, and starting the workflow by hand are matters of the
  account's IAM.
- `ecr:GetAuthorizationToken` names no repository, so no repository's policy reaches it: it is a matter of IAM alone.
- Inspector reads images as its own service-linked role, which is the account's and not part of the stack.
- `scan-brief doctor` and `scan-brief rerun` work with the credentials of whoever runs them; what they need is in
  [doctor.md](doctor.md) and in the [runbook](runbook.md)."""

DEPLOY = """\
`npx cdk deploy` works with the roles that `cdk bootstrap` made: whoever runs it needs to be allowed to assume them
(`sts:AssumeRole` on `cdk-<qualifier>-*`). Synthesis needs no credentials.

CloudFormation makes the resources as `cdk-<qualifier>-cfn-exec-role-<account>-<region>`, which has
`AdministratorAccess` unless `cdk bootstrap` was given `--cloudformation-execution-policies`. With narrower ones it
must be able to"""
