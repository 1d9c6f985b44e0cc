"""The product: the all-in-one stack with five parameters, as two reproducible files."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
from aws_cdk import Stack
from aws_cdk import aws_sqs as sqs

from scan_brief_cdk.service_catalog.command import (
    CODE,
    STACK_ID,
    TEMPLATE,
    build_app,
    write_product,
)
from scan_brief_cdk.service_catalog.stack import PARAMETERS
from scan_brief_common.limits import IGNORED_FILE, LAYER_OWNERS_FILE
from tests.infra.checkers import lint
from tests.infra.conftest import CHOSEN
from tests.project import PROJECT_ROOT

GIVEN = {
    "RepositoryName": "sample-app",
    "EcrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "EcrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "MyIP": "203.0.113.0/24",
    "EMail": "platform-team@example.com",
}
ROLE = "arn:aws:iam::111122223333:role/deploys-products"
UPLOADED = {"S3Bucket": "templates", "S3Key": "0123456789abcdef"}


@pytest.fixture(scope="module")
def written(product: Path) -> dict[str, Any]:
    return read(product)


def read(product: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((product / TEMPLATE).read_text("utf-8"))
    return found


def functions(template: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    ]


def copy_project(folder: Path, context: dict[str, Any]) -> Path:
    """The project with another cdk.json."""
    root = folder / "project"
    (root / "build").mkdir(parents=True)
    for path in (
        PROJECT_ROOT / "lambdas",
        PROJECT_ROOT / "workflow",
        *(PROJECT_ROOT / "build").glob("vendor-*"),
    ):
        (root / path.relative_to(PROJECT_ROOT)).symlink_to(path)
    (root / "cdk.json").write_text(json.dumps({"context": context}), "utf-8")
    return root


def fill(value: Any) -> Any:
    """The value with the parameters replaced. Adjacent texts in a join become one text."""
    if isinstance(value, list):
        return [fill(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("Ref") in GIVEN:
        return GIVEN[value["Ref"]]
    filled = {key: fill(item) for key, item in value.items()}
    return (
        {"Fn::Join": ["", _merge(filled["Fn::Join"][1])]} if set(filled) == {"Fn::Join"} else filled
    )


def _merge(parts: list[Any]) -> list[Any]:
    merged: list[Any] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _name_subscription_alike(resources: dict[str, Any]) -> dict[str, Any]:
    kind = "AWS::SNS::Subscription"
    return {
        kind if resource["Type"] == kind else name: resource for name, resource in resources.items()
    }


def _name_audiences_alike(template: dict[str, Any]) -> dict[str, Any]:
    """An audience's id is a hash of its addresses or, if those are tokens, of none; so is that of
    the list of all addresses. What has a token is filled into a definition at deployment.
    """
    for resource in template["Resources"].values():
        parts = resource.get("Properties", {}).get("DefinitionString", {}).get("Fn::Sub")
        for name in ("Audiences", "GatheringRoutes"):
            if parts and name in parts[1]:
                (text,) = parts[1].pop(name)["Fn::Join"][1]
                parts[0] = parts[0].replace(f"${{{name}}}", text)
    text = re.sub(r'(addresses[\\":]+)[0-9a-f]{16}', r"\1ID", json.dumps(template))
    for name in set(re.findall(r"DigestsAudience([0-9a-f]{12})", text)):
        text = text.replace(name, "ID")
    named: dict[str, Any] = json.loads(re.sub(r"(DigestsAudienceID)[0-9A-F]{8}", r"\1", text))
    return named


def test_with_the_samples_values_the_template_is_the_sample_stack(
    written: dict[str, Any], template_json: dict[str, Any]
) -> None:
    ours, theirs = (_name_audiences_alike(fill(template)) for template in (written, template_json))
    for template in (ours, theirs):
        for function in functions(template):
            del function["Code"]
    # A subscription's id contains its address or, if that is a token, a number.
    ours["Resources"], theirs["Resources"] = map(
        _name_subscription_alike, (ours["Resources"], theirs["Resources"])
    )
    for resource in ours["Resources"].values():
        resource.pop("Metadata", None)  # what cfn-lint is not to report
    for section in ("Description", "Resources", "Outputs", "Conditions"):
        assert ours[section] == theirs[section]
    assert set(ours) - set(theirs) == {"Metadata"}


def test_each_of_the_five_parameters_says_what_it_accepts(written: dict[str, Any]) -> None:
    assert list(written["Parameters"]) == list(GIVEN)
    for parameter in written["Parameters"].values():
        assert set(parameter) == {
            *(
                "Type",
                "Description",
                "AllowedPattern",
                "MinLength",
                "MaxLength",
                "ConstraintDescription",
            )
        }
        assert parameter["Type"] == "String"
        assert re.match(r"must be .{20,}", parameter["ConstraintDescription"])


def test_a_form_shows_every_parameter_once_with_a_label(written: dict[str, Any]) -> None:
    form = written["Metadata"]["AWS::CloudFormation::Interface"]
    assert [name for group in form["ParameterGroups"] for name in group["Parameters"]] == list(
        GIVEN
    )
    assert list(form["ParameterLabels"]) == list(GIVEN)


def test_the_two_endpoints_must_differ(written: dict[str, Any]) -> None:
    (rule,) = written["Rules"].values()
    (assertion,) = rule["Assertions"]
    both = [{"Ref": "EcrApiVpcEndpointId"}, {"Ref": "EcrDkrVpcEndpointId"}]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": both}]}
    assert "must be two endpoints" in assertion["AssertDescription"]


def test_the_template_does_not_need_the_cdk(written: dict[str, Any]) -> None:
    """Except for one name: the repository exempts the role with which `cdk deploy` deploys."""
    text = json.dumps(written)
    assert "BootstrapVersion" not in text
    assert "AWS::CDK" not in text
    assert "assets" not in text
    assert re.findall(r"cdk-\w+", text) == ["cdk-hnb659fds"]


def test_the_code_is_the_file_next_to_the_template(written: dict[str, Any], product: Path) -> None:
    assert {function["Code"] for function in functions(written)} == {CODE}
    assert {path.name for path in product.iterdir()} == {TEMPLATE, CODE}


def test_the_template_is_small_enough_for_cloudformation(product: Path) -> None:
    assert (
        product / TEMPLATE
    ).stat().st_size < 1_000_000  # bytes, from S3; 51,200 straight in a request
    assert (product / CODE).stat().st_size <= 1024 * 1024


def test_cfn_lint_accepts_the_template_once_the_code_is_uploaded(
    product: Path, tmp_path: Path
) -> None:
    template = read(product)
    for function in functions(template):
        function["Code"] = UPLOADED
    assert lint(template, tmp_path) == (0, "")


def test_cdk_nag_and_cdk_accept_the_product(
    bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    build_app(root=PROJECT_ROOT, bundle=bundle, outdir=tmp_path).synth()
    reports = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert not any(report["violations"] for report in reports)
    assert capfd.readouterr() == ("", "")


def test_cdk_nag_runs_and_stops_synthesis(bundle: Path, tmp_path: Path) -> None:
    app = build_app(root=PROJECT_ROOT, bundle=bundle, outdir=tmp_path)
    stack = app.node.find_child(STACK_ID)
    sqs.Queue(cast(Stack, stack), "OpenQueue")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()


def test_settings_that_are_not_parameters_come_from_cdk_json(
    sample_context: dict[str, Any], tmp_path: Path
) -> None:
    """cdk.json may describe any deployment, even of several repositories."""
    many = {
        "repositoryName": "",
        "repositories": ["one", "two"],
        "existingRepositories": ["*"],
        "allowedCidrs": [],
    }
    many |= {"registryScanFrequency": "SCAN_ON_PUSH"}
    chosen = {
        "language": "ja",
        "topFindings": 25,
        "imageTagMutability": "IMMUTABLE",
        "exemptPrincipalArns": [ROLE],
        **{name: CHOSEN[name] for name in ("ignoreFile", "layerOwners", "urgent")},
    }
    root = copy_project(tmp_path, sample_context | many | chosen)
    write_product(tmp_path / "template", root=root)
    found = read(tmp_path / "template")
    assert "Urgent" not in json.dumps(found)  # the launch role could not create it
    environment = {
        key: value
        for function in functions(found)
        for key, value in function["Environment"]["Variables"].items()
    }
    assert (environment["LANGUAGE"], environment["TOP_FINDINGS"]) == ("ja", "25")
    assert environment["IGNORE_ENTRIES"] == "2"
    with zipfile.ZipFile(tmp_path / "template" / CODE) as code:
        assert len(json.loads(code.read(IGNORED_FILE))["entries"]) == 2
        assert json.loads(code.read(LAYER_OWNERS_FILE))["owners"][0]["owner"] == "platform team"
    (repository,) = (
        resource
        for resource in found["Resources"].values()
        if resource["Type"] == "AWS::ECR::Repository"
    )
    assert repository["Properties"]["ImageTagMutability"] == "IMMUTABLE"
    assert ROLE in json.dumps(repository["Properties"]["RepositoryPolicyText"])
    assert list(found["Parameters"]) == list(GIVEN)
    kinds = {resource["Type"] for resource in found["Resources"].values()}
    # An account and region have only one.
    assert "AWS::ECR::RegistryScanningConfiguration" not in kinds


def test_a_bad_setting_leaves_nothing(sample_context: dict[str, Any], tmp_path: Path) -> None:
    root = copy_project(tmp_path, sample_context | {"topFindings": 0})
    with pytest.raises(
        ValueError, match="topFindings: given 0; accepted: a whole number from 1 to 50"
    ):
        write_product(root / "build" / "template", root=root)
    assert not [path for path in (root / "build").iterdir() if "template" in path.name]


def test_every_parameter_is_used(written: dict[str, Any]) -> None:
    text = json.dumps(written["Resources"])
    assert [parameter.name for parameter in PARAMETERS] == list(GIVEN)
    assert not [name for name in GIVEN if f'{{"Ref": "{name}"}}' not in text]
