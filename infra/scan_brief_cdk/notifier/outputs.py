"""What a stack puts out of its notifier, by which people and the command find its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief_cdk.notifier.console import Console

if TYPE_CHECKING:
    from scan_brief_cdk.notifier.scan_notifier import ScanNotifier


def list_outputs(notifier: ScanNotifier, console: Console, dashboard: str) -> dict[str, str]:
    """Values by name. dashboard: its name."""
    arn = notifier.brief.state_machine.state_machine_arn
    copies = notifier.copies
    return {
        **({"CopiesStateMachineArn": copies.state_machine.state_machine_arn} if copies else {}),
        **({"CopiesRoleArn": copies.role.role_arn} if copies else {}),
        "TopicArn": notifier.briefs.topic.topic_arn,
        "OperationsTopicArn": notifier.alarm_topic.topic_arn,
        "StateMachineArn": arn,
        "StateMachineConsoleUrl": console.state_machine_url(arn),
        "FallbackStateMachineArn": notifier.fallback.state_machine.state_machine_arn,
        "SummaryStateMachineArn": notifier.summary.state_machine.state_machine_arn,
        "DoorStateMachineArn": notifier.door.state_machine.state_machine_arn,
        "WatchdogStateMachineArn": notifier.watchdog.state_machine.state_machine_arn,
        "DigestStateMachineArn": notifier.digest.state_machine.state_machine_arn,
        "DeadLetterQueueUrl": notifier.scan_rules.dead_letter_queue.queue_url,
        "FetchFindingsFunctionName": notifier.fetch.function.function_name,
        "FormatMessageFunctionName": notifier.format.function.function_name,
        "GatherBriefFunctionName": notifier.gather_brief.function.function_name,
        "GatherSummaryFunctionName": notifier.gather_summary.function.function_name,
        "RememberBriefFunctionName": notifier.remember.function.function_name,
        "FindUnscannedFunctionName": notifier.find_unscanned.function.function_name,
        "GatherDigestFunctionName": notifier.gather_digest.function.function_name,
        "RememberDigestFunctionName": notifier.remember_digest.function.function_name,
        "MemoryTableName": notifier.memory.table.table_name,
        "DashboardConsoleUrl": console.dashboard_url(dashboard),
        **(notifier.buttons.outputs if notifier.buttons else {}),
        **(notifier.urgent.outputs if notifier.urgent else {}),
    }
