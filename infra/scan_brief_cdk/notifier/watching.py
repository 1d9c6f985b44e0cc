"""What the alarms and the dashboard watch of a notifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scan_brief_cdk.monitoring.watched import Watched

if TYPE_CHECKING:
    from scan_brief_cdk.notifier.scan_notifier import ScanNotifier


def watch(notifier: ScanNotifier, watch_minutes: int) -> Watched:
    """Every machine, function, rule and queue. watch_minutes: how long a push is waited for."""
    return Watched(
        machines={
            "Executions": notifier.brief.state_machine,
            "Fallback": notifier.fallback.state_machine,
            "Summary": notifier.summary.state_machine,
            "Door": notifier.door.state_machine,
            "Watchdog": notifier.watchdog.state_machine,
            "Digest": notifier.digest.state_machine,
            **({"Copies": notifier.copies.state_machine} if notifier.copies else {}),
        },
        functions={part.node.id: part.function for part in notifier.functions},
        logs={part.node.id: part.log_group for part in notifier.functions},
        rules=notifier.scan_rules.rules,
        dead_letter_queue=notifier.scan_rules.dead_letter_queue,
        unstarted_digests=notifier.digest_schedules.dead_letter_queue,
        watch_minutes=watch_minutes,
        briefs=notifier.briefs.topic,
        urgent=notifier.urgent.watched if notifier.urgent else None,
    )
