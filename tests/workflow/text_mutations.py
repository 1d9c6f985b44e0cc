"""Ways to break what is published, what is marked as a path, how long things last, and the texts."""

from __future__ import annotations

from tests.workflow.mutation import GONE, Mutation, swap

_MESSAGE = "Parameters/Message"
_ATTRIBUTES = "Parameters/MessageAttributes"

PUBLISHES: list[Mutation] = [
    Mutation(
        "literal Subject",
        "publishes_are_complete",
        "PublishMessage",
        "Parameters",
        lambda given: {
            **{key: value for key, value in given.items() if key != "Subject.$"},
            "Subject": given["Subject.$"],
        },
    ),
    Mutation("no Message", "publishes_are_complete", "PublishMessage", f"{_MESSAGE}.$", GONE),
    Mutation("no topic", "publishes_are_complete", "PublishFallback", "Parameters/TopicArn", GONE),
    Mutation(
        "no structure",
        "publishes_are_complete",
        "PublishFallback",
        "Parameters/MessageStructure",
        GONE,
    ),
    Mutation(
        "no default text",
        "publishes_are_complete",
        "PublishFallback",
        f"{_MESSAGE}/default.$",
        GONE,
    ),
    Mutation(
        "literal text", "publishes_are_complete", "PublishFallback", _MESSAGE, {"default": "$.text"}
    ),
    Mutation("no attributes", "publishes_are_complete", "PublishMessage", _ATTRIBUTES, GONE),
    Mutation(
        "no kind",
        "attributes_let_subscribers_filter",
        "PublishFallback",
        f"{_ATTRIBUTES}/kind",
        GONE,
    ),
    Mutation(
        "attribute of another's",
        "attributes_let_subscribers_filter",
        "PublishMessage",
        f"{_ATTRIBUTES}/severity/StringValue.$",
        "$.result.brief.attributes.kind",
    ),
    Mutation(
        "number as text",
        "attributes_let_subscribers_filter",
        "PublishMessage",
        f"{_ATTRIBUTES}/total/DataType",
        "String",
    ),
    Mutation(
        "severity forgotten",
        "attributes_let_subscribers_filter",
        "PublishFallback",
        f"{_ATTRIBUTES}/severity/StringValue",
        swap('"OTHER",', ""),
    ),
    Mutation(
        "published twice",
        "publishes_are_not_repeated",
        "PublishMessage",
        "Retry/0/ErrorEquals",
        ["States.TaskFailed", "States.Timeout"],
    ),
]
PATHS: list[Mutation] = [
    Mutation(
        "literal attribute",
        "paths_are_marked",
        "PublishMessage",
        f"{_ATTRIBUTES}/kind",
        {"DataType": "String", "StringValue": "$.result.brief.attributes.kind"},
    ),
    Mutation(
        "literal request",
        "paths_are_marked",
        "FetchFindings",
        "Parameters/Payload",
        {"request": "$.request"},
    ),
    Mutation(
        "literal function",
        "paths_are_marked",
        "CountAttempt",
        "Parameters/attempt",
        "States.MathAdd($.attempt, 1)",
    ),
    Mutation(
        "text for a path",
        "marked_values_are_paths",
        "AddressFallback",
        "Parameters/subject.$",
        "subject",
    ),
    Mutation(
        "bracket left open",
        "marked_values_are_paths",
        "WriteFallbackByHand",
        "Parameters/text.$",
        swap("$$.Execution.Id)", "$$.Execution.Id"),
    ),
    Mutation(
        "ResultPath without $", "marked_values_are_paths", "FetchFindings", "ResultPath", "result"
    ),
    Mutation(
        "hyphen in a function",
        "functions_name_no_hyphen",
        "SplitRepositoryArn",
        "Parameters/parts.$",
        swap("$.event.arn", "$.request.detail.repository-name"),
    ),
    Mutation(
        "function misspelt",
        "functions_exist",
        "PublishMessage",
        f"{_MESSAGE}.$",
        swap("ToString", "ToSting"),
    ),
]
LIMITS: list[Mutation] = [
    Mutation(
        "too short a whole",
        "the_whole_lasts_longer_than_its_parts",
        "ReceiveRequest",
        "TimeoutSeconds",
        3600,
        where=".",
    ),
    Mutation(
        "endless whole",
        "the_whole_lasts_longer_than_its_parts",
        "ReceiveRequest",
        "TimeoutSeconds",
        GONE,
        where=".",
    ),
    Mutation(
        "too many tries",
        "the_whole_lasts_longer_than_its_parts",
        "ReceiveRequest",
        "Retry/0/MaxAttempts",
        9,
        where="FetchFindings",
    ),
    Mutation(
        "task before its function",
        "tasks_outlast_their_functions",
        "FetchFindings",
        "TimeoutSeconds",
        300,
    ),
    Mutation(
        "placeholder misspelt",
        "placeholders_are_known",
        "PublishMessage",
        "Parameters/TopicArn",
        "${TopicARN}",
    ),
    Mutation(
        "text misspelt",
        "placeholders_are_known",
        "TakeEnglishTexts",
        "Result/subjectByHand",
        "${FallbackSubjctByHandEn}",
    ),
    Mutation(
        "texts of another language",
        "texts_are_of_their_language",
        "TakeJapaneseTexts",
        "Result/text",
        "${FallbackTextEn}",
    ),
    Mutation(
        "texts swapped",
        "texts_are_of_their_language",
        "TakeEnglishTexts",
        "Result/subject",
        "${FallbackTextEn}",
    ),
    Mutation(
        "value too few",
        "formats_fill_their_texts",
        "WriteFallback",
        "Parameters/text.$",
        swap("$.counts.MEDIUM, ", ""),
    ),
    Mutation(
        "value too many",
        "formats_fill_their_texts",
        "WriteFallback",
        "Parameters/subject.$",
        swap("$.counts.HIGH, ", "$.counts.HIGH, $.counts.MEDIUM, "),
    ),
]
