"""What the alarms of the state machines mean, and what to do. Pure."""

from __future__ import annotations

# What each machine's end means, and what to do, by the beginning of the alarms' names.
MACHINES = {
    "Executions": (
        "a brief was not made or not sent; its fallback brief says why",
        "open the execution, correct what its cause says, and start it again",
    ),
    "Fallback": (
        "a fallback brief was not sent: a scan ended without any message",
        "correct the topic or its key, then start the brief's execution again",
    ),
    "Summary": (
        "the summary of many briefs was not sent: images that were scanned have no mail",
        "correct what the execution's cause says, and start it again with the same input",
    ),
    "Door": (
        "a scan or a push was not started; its fallback brief says why",
        "correct what the execution's cause says, and start it again with the same input",
    ),
    "Digest": (
        "a digest was not sent; the next one begins where the last one ended",
        "correct what the execution's cause says, and start it again with the same input",
    ),
    "Copies": (
        "a copy of a brief did not reach a topic or the event bus; the brief itself was sent",
        "correct what the execution's cause says, and start it again with the same input",
    ),
    "Watchdog": (
        "it is not known whether a pushed image was scanned",
        "correct what the execution's cause says, and start it again with the same input",
    ),
}
