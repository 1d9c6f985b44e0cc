"""The stack as a product: settings that differ between launches are template parameters."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Unpack, cast

from aws_cdk import (
    Acknowledgment,
    CfnParameter,
    CfnResource,
    CfnRule,
    Fn,
    ICfnRuleConditionExpression,
    Validations,
)
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from scan_brief_cdk.route import Route
from scan_brief_cdk.service_catalog.network_pattern import write_network_pattern
from scan_brief_cdk.settings import RepositorySettings, Settings, names
from scan_brief_cdk.settings.urgent import Urgent
from scan_brief_cdk.stack import ScanBriefProperties, ScanBriefStack
from scan_brief_common.limits import (
    EMAIL_CHARACTERS,
    REPOSITORY_NAME_CHARACTERS,
    VPC_ENDPOINT_ID_DIGITS,
)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter. accepted: the error text for a bad value, after "Parameter 'NAME'"."""

    name: str
    label: str
    description: str
    pattern: str
    lengths: tuple[int, int]
    accepted: str


_SHORT, _LONG = (len("vpce-") + digits for digits in VPC_ENDPOINT_ID_DIGITS)
_AN_ENDPOINT = (
    f"must be the id of a VPC endpoint: vpce- and {' or '.join(map(str, VPC_ENDPOINT_ID_DIGITS))}"
    " hexadecimal digits (0-9, a-f)"
)


def _endpoint(*, name: str, of: str, service: str, example: str) -> Parameter:
    return Parameter(
        name=name,
        label=f"Endpoint of the {of}",
        description=f"The VPC endpoint whose service is com.amazonaws.REGION.{service}",
        pattern=names.ENDPOINT_ID,
        lengths=(_SHORT, _LONG),
        accepted=f"{_AN_ENDPOINT}, as in {example}",
    )


REPOSITORY_NAME = Parameter(
    name="RepositoryName",
    label="Name of the repository",
    description=(
        "The ECR repository to create, as in Docker's image names, without the registry:"
        " team/sample-app"
    ),
    pattern=names.REPOSITORY_NAME,
    lengths=(REPOSITORY_NAME_CHARACTERS.least, REPOSITORY_NAME_CHARACTERS.most),
    accepted=(
        f"must be {REPOSITORY_NAME_CHARACTERS} characters: a-z and 0-9, with single . _ - or /"
        " between, as in team/sample-app"
    ),
)
ECR_API_ENDPOINT = _endpoint(
    name="EcrApiVpcEndpointId", of="ECR API", service="ecr.api", example="vpce-0123456789abcdef0"
)
ECR_DKR_ENDPOINT = _endpoint(
    name="EcrDkrVpcEndpointId",
    of="Docker registry",
    service="ecr.dkr",
    example="vpce-0fedcba9876543210",
)
MY_IP = Parameter(
    name="MyIP",
    label="Network allowed through the internet",
    description=(
        "A public IPv4 network in CIDR notation from which requests may come through the internet."
        " For one address use /32. Requests from inside the VPC use the endpoints"
    ),
    pattern=write_network_pattern(),
    lengths=(9, 18),
    accepted=(
        "must be a public IPv4 network in CIDR notation, from /8 to /32 and without host bits, as"
        " in 203.0.113.7/32"
    ),
)
EMAIL = Parameter(
    name="EMail",
    label="Who gets the briefs",
    description=(
        "One email address. Scan Brief sends it a mail with a link to confirm the subscription"
    ),
    pattern=names.EMAIL,
    lengths=(EMAIL_CHARACTERS.least, EMAIL_CHARACTERS.most),
    accepted="must be one email address, as in platform-team@example.com",
)
GROUPS = {
    "The repository": (REPOSITORY_NAME,),
    "Who may reach it": (ECR_API_ENDPOINT, ECR_DKR_ENDPOINT, MY_IP),
    "The briefs": (EMAIL,),
}
PARAMETERS = tuple(parameter for group in GROUPS.values() for parameter in group)
TWO_ENDPOINTS = (
    "EcrApiVpcEndpointId and EcrDkrVpcEndpointId must be two endpoints: ECR has one for its API and"
    " one for Docker"
)


class ProductStack(ScanBriefStack):
    """The all-in-one stack with parameters, for a template that needs no CDK to be deployed.

    settings: the values that are not parameters. code: the path to the functions' code, which
    `aws cloudformation package` replaces with the location of its upload.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: str,
        **properties: Unpack[ScanBriefProperties],
    ) -> None:
        properties["settings"] = _parametrize(properties["settings"])
        super().__init__(scope, construct_id, **properties)
        for parameter in PARAMETERS:
            _declare(self, parameter)
        self.template_options.metadata = {"AWS::CloudFormation::Interface": _describe_form()}
        rule = CfnRule(self, "TwoEndpoints")
        rule.add_assertion(_differ(ECR_API_ENDPOINT, ECR_DKR_ENDPOINT), TWO_ENDPOINTS)
        for part in self.notifier.functions:
            _take_code_from(part.function, code)


def _parametrize(settings: Settings) -> Settings:
    """The settings with references to the parameters. Raises ValueError without a repository."""
    if settings.repository is None:
        raise ValueError("settings: given no repository; accepted: those of the all-in-one stack")
    repository: RepositorySettings = dataclasses.replace(
        settings.repository,
        repository_name=Fn.ref(REPOSITORY_NAME.name),
        ecr_api_vpc_endpoint_id=Fn.ref(ECR_API_ENDPOINT.name),
        ecr_dkr_vpc_endpoint_id=Fn.ref(ECR_DKR_ENDPOINT.name),
        allowed_cidrs=(Fn.ref(MY_IP.name),),
    )
    route = Route(name=Fn.ref(REPOSITORY_NAME.name), emails=(Fn.ref(EMAIL.name),))
    # A chat's buttons name their repositories at synthesis. The launch role creates no event source
    # mapping.
    return dataclasses.replace(
        settings, repository=repository, routes=(route,), chat_buttons=False, urgent=Urgent()
    )


def _declare(scope: Construct, parameter: Parameter) -> None:
    least, most = parameter.lengths
    CfnParameter(
        scope,
        parameter.name,
        type="String",
        description=parameter.description,
        allowed_pattern=parameter.pattern,
        min_length=least,
        max_length=most,
        constraint_description=parameter.accepted,
    )


def _take_code_from(function: lambda_.Function, path: str) -> None:
    resource = cast(CfnResource, function.node.default_child)
    resource.add_override("Properties.Code", path)
    reason = (
        "The path is intended: `aws cloudformation package` uploads the file and replaces the path"
    )
    Validations.of(resource).acknowledge(
        Acknowledgment(id="CloudFormation-Validate::W3002", reason=reason)
    )
    resource.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3002"]}})


def _describe_form() -> dict[str, object]:
    """The form in which a console shows the parameters."""
    return {
        "ParameterGroups": [
            {"Label": {"default": label}, "Parameters": [parameter.name for parameter in group]}
            for label, group in GROUPS.items()
        ],
        "ParameterLabels": {
            parameter.name: {"default": parameter.label} for parameter in PARAMETERS
        },
    }


def _differ(first: Parameter, second: Parameter) -> ICfnRuleConditionExpression:
    equal = Fn.condition_equals(Fn.ref(first.name), Fn.ref(second.name))
    return Fn.condition_not(equal)
