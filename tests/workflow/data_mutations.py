"""Ways to break what the states read: a field that is not there on some way, or for some request."""

from __future__ import annotations

from tests.workflow.mutation import GONE, Mutation, swap

_ATTRIBUTES = "Parameters/MessageAttributes"

DATA: list[Mutation] = [
    Mutation(
        "field misspelt",
        "what_is_read_is_there",
        "FetchFindings",
        "Parameters/Payload/request.$",
        "$.requst",
    ),
    Mutation(
        "attribute misspelt",
        "what_is_read_is_there",
        "PublishMessage",
        f"{_ATTRIBUTES}/repository/StringValue.$",
        "$.result.brief.attributes.reposotory",
    ),
    Mutation(
        "brief looked for elsewhere",
        "what_is_read_is_there",
        "PublishMessage",
        "Parameters/Subject.$",
        "$.brief.subject",
    ),
    Mutation(
        "report looked for in vain",
        "what_is_read_is_there",
        "FindingsSettled",
        "ResultPath",
        "$",
        where="FetchFindings",
    ),
    Mutation(
        "failure dropped on the way",
        "what_is_read_is_there",
        "DetailsUnavailable",
        "Parameters/failure.$",
        GONE,
        where="AddressFallback",
    ),
    Mutation(
        "field that an event may lack",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/text.$",
        swap("$.request.time", "$.request.id"),
    ),
    Mutation(
        "count that an event may lack",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/subject.$",
        swap("$.counts.HIGH", "$.request.detail.HIGH"),
    ),
    Mutation(
        "scan status for granted",
        "what_is_read_is_there",
        "WriteFallbackWithoutCounts",
        "Parameters/report/x.$",
        "$.request.detail.scan-status",
    ),
    Mutation(
        "zeros not merged in",
        "what_is_read_is_there",
        "WriteFallback",
        "Parameters/counts.$",
        "$.counts.announced",
        where="FormatFallback",
    ),
    Mutation(
        "deep merge, which there is not",
        "what_is_read_is_there",
        "FormatFallback",
        "Parameters/counts.$",
        swap(", false)", ", true)"),
    ),
    Mutation(
        "part of the ARN that is not there",
        "what_is_read_is_there",
        "SplitRepositoryArn",
        "Parameters/name.$",
        swap(", 1)", ", 2)"),
    ),
    Mutation(
        "one part too many",
        "what_is_read_is_there",
        "JoinRepositoryName",
        "Parameters/count.$",
        swap("'/'", "':'"),
        where="SplitRepositoryArn",
    ),
    Mutation(
        "parts lost in the loop",
        "what_is_read_is_there",
        "JoinRepositoryName",
        "Parameters/parts.$",
        GONE,
    ),
    Mutation(
        "no texts by hand",
        "what_is_read_is_there",
        "ChooseLanguage",
        "ResultPath",
        "$.named",
        where="TakeRepository",
    ),
    Mutation(
        "text for a pause",
        "what_is_read_is_there",
        "WaitForFindings",
        "SecondsPath",
        "$.result.report.settled",
    ),
    Mutation(
        "object for a cause", "what_is_read_is_there", "InvalidRequest", "CausePath", "$.explained"
    ),
    Mutation(
        "present by another name",
        "every_state_is_walked",
        "WriteFallbackWithoutCounts",
        "Choices/1/Variable",
        "$.request.details",
        where="ChooseFallback",
    ),
]
