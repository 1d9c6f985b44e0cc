"""The prose of docs/permissions.md that does not depend on the template."""

from __future__ import annotations

INTRODUCTION = (
    "Who may do what once the stack is deployed with the settings in"
    " `examples/one_repository.json`: every role, every resource policy, and why each line is"
    " there. The reasons are in the code, at the grants. A test fails when this document differs"
    " from the synthesized template, or when a permission has no reason. Names are the template's"
    " logical ids without the hash at the end. Values that are known only at deployment are in"
    " angle brackets."
)
EXEMPTIONS = (
    "The lines of the condition are combined with AND, and each is negated. So the denial applies"
    " only when all of them match, and each line exempts callers by itself."
)
ACCOUNT = (
    "Who may subscribe to the topic, read executions and logs, and start the workflow by hand"
    " is decided by the account's IAM.",
    "`ecr:GetAuthorizationToken` names no repository, so no repository policy applies to it. IAM"
    " alone decides.",
    "Inspector reads images with its own service-linked role, which belongs to the account and"
    " is not part of the stack.",
    "`scan-brief doctor`, `rerun` and `replay-dlq` use the credentials of the person who runs them."
    " For the permissions that they need, see [doctor.md](doctor.md) and the"
    " [runbook](runbook.md).",
    "With `chatButtons`, the role of a chat channel starts executions and calls"
    " IgnoreVulnerability, which can write what chats ignore and nothing else. You allow it:"
    " [subscribe.md](subscribe.md#how-do-i-get-buttons-in-a-chat).",
)
DEPLOY = (
    "`npx cdk deploy` works with the roles that `cdk bootstrap` created. The person or role that"
    " runs it must be allowed to assume them (`sts:AssumeRole` on `cdk-<qualifier>-*`). Synthesis"
    " needs no credentials.",
    "CloudFormation creates the resources with the role"
    " `cdk-<qualifier>-cfn-exec-role-<account>-<region>`. It has `AdministratorAccess` unless you"
    " gave `cdk bootstrap` the option `--cloudformation-execution-policies`. Narrower policies must"
    " allow CloudFormation to",
)
# Of settings that are off in the example.
OPTIONAL = (
    "`urgent`: the role of FindUrgent can call `inspector2:ListFindings` and"
    " `inspector2:BatchGetFindingDetails`; `states:StartExecution` and `states:ListExecutions` of"
    " the brief; `sqs:ReceiveMessage`, `sqs:DeleteMessage` and `sqs:GetQueueAttributes` of its own"
    " queue; `dynamodb:GetItem` and `dynamodb:PutItem` on keys of the table that begin with"
    " `urgent#`, `held#` and `details#`, `dynamodb:UpdateItem` on `urgent#`, with `chatButtons`"
    " also `dynamodb:Query` on `ignore#`; `logs:CreateLogStream` and `logs:PutLogEvents` of its own"
    " log. Only the urgent path's rules can send to its two queues. It can publish nothing.",
)
