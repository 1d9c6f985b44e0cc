"""Ways to break what is published, what is marked as a path, how long things last, and the texts."""

from __future__ import annotations

from tests.workflow.breakage import GONE, Breakage, swap

_MESSAGE = "Parameters/Message"
_ATTRIBUTES = "Parameters/MessageAttributes"

PUBLISHES: list[Breakage] = [
    Breakage(
        "literal Subject",
        "publishes_are_complete",
        "PublishMessage",
        "Parameters",
        lambda given: {
            **{key: value for key, value in given.items() if key != "Subject.$"},
            "Subject": given["Subject.$"],
        },
    ),
    Breakage("no Message", "publishes_are_complete", "PublishMessage", f"{_MESSAGE}.$", GONE),
    Breakage("no topic", "publishes_are_complete", "PublishFallback", "Parameters/TopicArn", GONE),
    Breakage("no structure", "publishes_are_complete", "PublishFallback", "Parameters/MessageStructure", GONE),
    Breakage("no default text", "publishes_are_complete", "PublishFallback", f"{_MESSAGE}/default.$", GONE),
    Breakage("literal text", "publishes_are_complete", "PublishFallback", _MESSAGE, {"default": "$.text"}),
    Breakage("no attributes", "publishes_are_complete", "PublishMessage", _ATTRIBUTES, GONE),
    Breakage("no kind", "attributes_let_subscribers_filter", "PublishFallback", f"{_ATTRIBUTES}/kind", GONE),
    Breakage(
        "attribute of another's",
        "attributes_let_subscribers_filter",
        "PublishMessage",
        f"{_ATTRIBUTES}/severity/StringValue.$",
        "$.result.brief.attributes.kind",
    ),
    Breakage(
        "number as text",
        "attributes_let_subscribers_filter",
        "PublishMessage",
        f"{_ATTRIBUTES}/total/DataType",
        "String",
    ),
    Breakage(
        "severity forgotten",
        "attributes_let_subscribers_filter",
        "PublishFallback",
        f"{_ATTRIBUTES}/severity/StringValue",
        swap('"OTHER",', ""),
    ),
    Breakage(
        "published twice",
        "publishes_are_not_repeated",
        "PublishMessage",
        "Retry/0/ErrorEquals",
        ["States.TaskFailed", "States.Timeout"],
    ),
]
PATHS: list[Breakage] = [
    Breakage(
        "literal attribute",
        "paths_are_marked",
        "PublishMessage",
        f"{_ATTRIBUTES}/kind",
        {"DataType": "String", "StringValue": "$.result.brief.attributes.kind"},
    ),
    Breakage("literal request", "paths_are_marked", "FetchFindings", "Parameters/Payload", {"request": "$.request"}),
    Breakage(
        "literal function", "paths_are_marked", "CountAttempt", "Parameters/attempt", "States.MathAdd($.attempt, 1)"
    ),
    Breakage("text for a path", "marked_values_are_paths", "AddressFallback", "Parameters/subject.$", "subject"),
    Breakage(
        "bracket left open",
        "marked_values_are_paths",
        "WriteFallbackByHand",
        "Parameters/text.$",
        swap("$$.Execution.Id)", "$$.Execution.Id"),
    ),
    Breakage("ResultPath without $", "marked_values_are_paths", "FetchFindings", "ResultPath", "result"),
    Breakage(
        "hyphen in a function",
        "functions_name_no_hyphen",
        "SplitRepositoryArn",
        "Parameters/parts.$",
        swap("$.event.arn", "$.request.detail.repository-name"),
    ),
    Breakage("function misspelt", "functions_exist", "PublishMessage", f"{_MESSAGE}.$", swap("ToString", "ToSting")),
]
LIMITS: list[Breakage] = [
    Breakage(
        "too short a whole",
        "the_whole_lasts_longer_than_its_parts",
        "ReceiveRequest",
        "TimeoutSeconds",
        3600,
        where=".",
    ),
    Breakage(
        "endless whole", "the_whole_lasts_longer_than_its_parts", "ReceiveRequest", "TimeoutSeconds", GONE, where="."
    ),
    Breakage(
        "too many tries",
        "the_whole_lasts_longer_than_its_parts",
        "ReceiveRequest",
        "Retry/0/MaxAttempts",
        9,
        where="FetchFindings",
    ),
    Breakage("task before its function", "tasks_outlast_their_functions", "FetchFindings", "TimeoutSeconds", 300),
    Breakage(
        "placeholder misspelt", "placeholders_are_known", "PublishMessage", "Parameters/TopicArn", "${TopicARN}"
    ),
    Breakage(
        "text misspelt",
        "placeholders_are_known",
        "TakeEnglishTexts",
        "Result/subjectByHand",
        "${FallbackSubjctByHandEn}",
    ),
    Breakage(
        "texts of another language",
        "texts_are_of_their_language",
        "TakeJapaneseTexts",
        "Result/text",
        "${FallbackTextEn}",
    ),
    Breakage(
        "texts swapped",
        "texts_are_of_their_language",
        "TakeEnglishTexts",
        "Result/subject",
        "${FallbackTextEn}",
    ),
    Breakage(
        "value too few",
        "formats_fill_their_texts",
        "WriteFallback",
        "Parameters/text.$",
        swap("$.counts.MEDIUM, ", ""),
    ),
    Breakage(
        "value too many",
        "formats_fill_their_texts",
        "WriteFallback",
        "Parameters/subject.$",
        swap("$.counts.HIGH, ", "$.counts.HIGH, $.counts.MEDIUM, "),
    ),
]
