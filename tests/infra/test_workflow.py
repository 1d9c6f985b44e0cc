"""The state machine's resource: the definition as it stands in workflow/, its placeholders, logs
and tracing.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk.assertions import Template

from scan_brief_cdk.notifier.definition import (
    PLACEHOLDER,
    WORKFLOW,
    choose_languages,
    find_placeholders,
    load_definition,
    text_substitutions,
)
from scan_brief_cdk.route import Route


def state_machine(template: Template) -> dict[str, Any]:
    (found,) = template.find_resources("AWS::StepFunctions::StateMachine").values()
    return dict(found["Properties"])


def substitutions(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = state_machine(template)["DefinitionSubstitutions"]
    return found


def rendered(template: Template) -> str:
    """As CloudFormation renders it, but that what only a deployment knows becomes its name."""
    bound = substitutions(template)
    values = {name: value if isinstance(value, str) else name for name, value in bound.items()}
    return PLACEHOLDER.sub(
        lambda found: values[found[1]], state_machine(template)["DefinitionString"]
    )


def test_the_definition_is_deployed_in_its_language(template: Template, chosen: Template) -> None:
    assert state_machine(template)["DefinitionString"] == choose_languages(load_definition(), "en")
    assert state_machine(chosen)["DefinitionString"] == choose_languages(load_definition(), "ja")


def test_every_placeholder_is_bound_and_no_other(template: Template, chosen: Template) -> None:
    for one in (template, chosen):
        assert set(substitutions(one)) == find_placeholders(state_machine(one)["DefinitionString"])


def test_the_rendered_definition_is_json(template: Template, chosen: Template) -> None:
    for one in (template, chosen):
        json.loads(rendered(one))


def test_the_placeholders_are_bound_to_what_they_name(template: Template) -> None:
    bound = substitutions(template)
    assert bound["FetchFindingsFunctionArn"]["Fn::GetAtt"][0].startswith(
        "NotifierFetchFindingsFunction"
    )
    assert bound["FormatMessageFunctionArn"]["Fn::GetAtt"][0].startswith(
        "NotifierFormatMessageFunction"
    )
    assert bound["TopicArn"]["Ref"] in template.find_resources("AWS::SNS::Topic")
    assert bound["Partition"] == {"Ref": "AWS::Partition"}


def test_a_request_by_hand_means_a_repository_of_the_stacks_own_registry(chosen: Template) -> None:
    _, (first, *_, last) = substitutions(chosen)["RepositoryArnPrefix"]["Fn::Join"]
    assert (first, last) == ("arn:", ":repository/")


def test_what_differs_between_repositories_is_told_the_functions(template: Template) -> None:
    assert substitutions(template)["RepositoryPreferences"] == "{}"
    routes = [
        Route(name="team/*", time_zone="Asia/Tokyo"),
        Route(name="team/app", language="ja", top_findings=3),
    ]
    told = json.loads('"' + text_substitutions(routes)["RepositoryPreferences"] + '"')
    expected = {
        "team/app": {"language": "ja", "topFindings": 3},
        "team/*": {"timeZone": "Asia/Tokyo"},
    }
    assert list(json.loads(told).items()) == list(expected.items())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_fallback_text_survives_its_place_in_the_definition(language: str) -> None:
    texts = json.loads((WORKFLOW / "fallback" / f"{language}.json").read_text("utf-8"))
    escaped = text_substitutions()
    for name, text in texts.items():
        assert json.loads(f'"{escaped[name + language.capitalize()]}"') == text


def test_the_fallback_speaks_the_language_of_the_settings(
    template: Template, chosen: Template
) -> None:
    for one, language in ((template, "En"), (chosen, "Ja")):
        names = {name[-2:] for name in substitutions(one) if name.startswith("Fallback")}
        assert names == {language}


def test_it_is_standard_logged_without_data_and_traced(template: Template) -> None:
    found = state_machine(template)
    (destination,) = found["LoggingConfiguration"].pop("Destinations")
    group = template.find_resources("AWS::Logs::LogGroup")[
        destination["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0]
    ]
    assert found["StateMachineType"] == "STANDARD"
    assert found["TracingConfiguration"] == {"Enabled": True}
    assert found["LoggingConfiguration"] == {"Level": "ALL", "IncludeExecutionData": False}
    assert group["Properties"]["LogGroupName"] == {
        "Fn::Join": ["", ["/aws/vendedlogs/states/", {"Ref": "AWS::StackName"}, "/Notifier"]]
    }


def test_the_definition_has_a_timeout() -> None:
    assert 0 < json.loads(load_definition())["TimeoutSeconds"] <= 24 * 3600


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_fallbacks_subjects_fit_with_a_name_of_40_characters(language: str) -> None:
    text = json.loads((WORKFLOW / "fallback" / f"{language}.json").read_text("utf-8"))
    for key in ("FallbackSubject", "FallbackSubjectWithoutCounts", "FallbackSubjectByHand"):
        given = ["999999"] * (text[key].count("{}") - 1) + ["n" * 40]
        assert len(text[key].format(*given)) < 100


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_last_resorts_subject_is_the_same_for_all(language: str) -> None:
    subject = json.loads((WORKFLOW / "fallback" / f"{language}.json").read_text("utf-8"))
    assert "{" not in subject["FallbackSubjectWithoutName"]
    assert len(subject["FallbackSubjectWithoutName"]) < 100
