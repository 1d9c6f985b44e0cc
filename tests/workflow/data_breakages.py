"""Ways to break what the states read: a field that is not there on some way, or for some request."""

from __future__ import annotations

from tests.workflow.breakage import GONE, Breakage, swap

_ATTRIBUTES = "Parameters/MessageAttributes"

DATA: list[Breakage] = [
    Breakage("field misspelt", "what_is_read_is_there", "FetchFindings", "Parameters/Payload/request.$", "$.requst"),
    Breakage(
        "attribute misspelt",
        "what_is_read_is_there",
        "PublishMessage",
        f"{_ATTRIBUTES}/repository/StringValue.$",
        "$.result.brief.attributes.reposotory",
    ),
    Breakage(
        "brief looked for elsewhere",
        "what_is_read_is_there",
        "PublishMessage",
        "Parameters/Subject.$",
        "$.brief.subject",
    ),
    Breakage(
        "report looked for in vain",
        "what_is_read_is_there",
        "FindingsSettled",
        "ResultPath",
        "$",
        where="FetchFindings",
    ),
    Breakage(
        "failure dropped on the way",
        "what_is_read_is_there",
        "DetailsUnavailable",
        "Parameters/failure.$",
        GONE,
        where="AddressFallback",
    ),
    Breakage(
        "field that an event may lack",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/text.$",
        swap("$.request.time", "$.request.id"),
    ),
    Breakage(
        "count that an event may lack",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/subject.$",
        swap("$.counts.HIGH", "$.request.detail.HIGH"),
    ),
    Breakage(
        "scan status for granted",
        "what_is_read_is_there",
        "WriteFallbackWithoutCounts",
        "Parameters/report/x.$",
        "$.request.detail.scan-status",
    ),
    Breakage(
        "zeros not merged in",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/counts.$",
        "$.counts.announced",
        where="FormatFallback",
    ),
    Breakage(
        "deep merge, which there is not",
        "what_is_read_is_there",
        "FormatFallback",
        "Parameters/counts.$",
        swap(", false)", ", true)"),
    ),
    Breakage(
        "part of the ARN that is not there",
        "what_is_read_is_there",
        "SplitRepositoryArn",
        "Parameters/name.$",
        swap(", 1)", ", 2)"),
    ),
    Breakage(
        "one part too many",
        "what_is_read_is_there",
        "JoinRepositoryName",
        "Parameters/count.$",
        swap("'/'", "':'"),
        where="SplitRepositoryArn",
    ),
    Breakage("parts lost in the loop", "what_is_read_is_there", "JoinRepositoryName", "Parameters/parts.$", GONE),
    Breakage(
        "no texts by hand", "what_is_read_is_there", "ChooseLanguage", "ResultPath", "$.named", where="TakeRepository"
    ),
    Breakage(
        "text for a pause", "what_is_read_is_there", "WaitForFindings", "SecondsPath", "$.result.report.settled"
    ),
    Breakage("object for a cause", "what_is_read_is_there", "InvalidRequest", "CausePath", "$.explained"),
    Breakage(
        "present by another name",
        "every_state_is_walked",
        "WriteFallbackWithoutCounts",
        "Choices/1/Variable",
        "$.request.details",
        where="ChooseFallback",
    ),
]
