"""The state machine's resource: the definition as it stands in workflow/, its placeholders, logs and tracing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk.assertions import Template

from infra.definition import (
    PLACEHOLDER,
    WORKFLOW,
    fallback_substitutions,
    load_definition,
    render_definition,
    shorten_name,
)


def state_machine(template: Template) -> dict[str, Any]:
    (found,) = template.find_resources("AWS::StepFunctions::StateMachine").values()
    return dict(found["Properties"])


def substitutions(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = state_machine(template)["DefinitionSubstitutions"]
    return found


def placeholders() -> set[str]:
    return set(PLACEHOLDER.findall(load_definition()))


def rendered(template: Template) -> str:
    """As CloudFormation renders it, but that what only a deployment knows becomes its name."""
    bound = substitutions(template)
    values = {name: value if isinstance(value, str) else name for name, value in bound.items()}
    return render_definition(state_machine(template)["DefinitionString"], "en", values)


def test_the_definition_is_deployed_as_it_stands(template: Template) -> None:
    assert state_machine(template)["DefinitionString"] == load_definition()


def test_every_placeholder_is_bound_and_no_other(template: Template, chosen: Template) -> None:
    assert set(substitutions(template)) == placeholders()
    assert set(substitutions(chosen)) == placeholders()


def test_the_rendered_definition_is_json(template: Template, chosen: Template) -> None:
    for one in (template, chosen):
        json.loads(rendered(one))


def test_the_placeholders_are_bound_to_what_they_name(template: Template) -> None:
    bound = substitutions(template)
    assert bound["FetchFindingsFunctionArn"]["Fn::GetAtt"][0].startswith("FetchFindingsFunction")
    assert bound["FormatMessageFunctionArn"]["Fn::GetAtt"][0].startswith("FormatMessageFunction")
    assert bound["TopicArn"]["Ref"] in template.find_resources("AWS::SNS::Topic")
    assert bound["Partition"] == {"Ref": "AWS::Partition"}


def test_the_repository_is_named_by_its_settings(chosen: Template) -> None:
    bound = substitutions(chosen)
    assert bound["RepositoryName"] == "team/other-app"
    _, (*_, last) = bound["RepositoryArnPrefix"]["Fn::Join"]
    assert last == ":repository/"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_fallback_text_survives_its_place_in_the_definition(language: str) -> None:
    texts = json.loads((WORKFLOW / "fallback" / f"{language}.json").read_text("utf-8"))
    escaped = fallback_substitutions(language)
    assert {key: json.loads(f'"{text}"') for key, text in escaped.items()} == texts


def test_the_fallback_speaks_the_language_of_the_settings(template: Template, chosen: Template) -> None:
    for one, language in ((template, "en"), (chosen, "ja")):
        assert fallback_substitutions(language).items() <= substitutions(one).items()
    assert fallback_substitutions("en") != fallback_substitutions("ja")


def test_it_is_standard_logged_without_data_and_traced(template: Template) -> None:
    found = state_machine(template)
    (destination,) = found["LoggingConfiguration"].pop("Destinations")
    group = template.find_resources("AWS::Logs::LogGroup")[
        destination["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0]
    ]
    assert found["StateMachineType"] == "STANDARD"
    assert found["TracingConfiguration"] == {"Enabled": True}
    assert found["LoggingConfiguration"] == {"Level": "ALL", "IncludeExecutionData": False}
    assert group["Properties"]["LogGroupName"] == "/aws/vendedlogs/states/ScanBrief"


def test_two_stacks_do_not_share_a_log_group(chosen: Template) -> None:
    chosen.has_resource_properties("AWS::Logs::LogGroup", {"LogGroupName": "/aws/vendedlogs/states/OtherBrief"})


def test_the_definition_has_a_timeout() -> None:
    assert 0 < json.loads(load_definition())["TimeoutSeconds"] <= 24 * 3600


@pytest.mark.parametrize(
    ("name", "short"),
    [("sample-app", "sample-app"), ("a" * 40, "a" * 40), ("team/" + "b" * 40, "…" + "b" * 39)],
)
def test_a_long_name_is_cut_for_the_fallbacks_subject(name: str, short: str) -> None:
    assert shorten_name(name) == short


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_fallbacks_subject_fits(language: str) -> None:
    text = json.loads((WORKFLOW / "fallback" / f"{language}.json").read_text("utf-8"))
    for key in ("FallbackSubject", "FallbackWithoutCountsSubject", "FallbackByHandSubject"):
        given = ["999999"] * (text[key].count("{}") - 1) + ["n" * 40]
        assert len(text[key].format(*given)) < 100
