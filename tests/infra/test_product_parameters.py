"""The product's parameters accept what the corresponding settings accept, and nothing else."""

from __future__ import annotations

import ipaddress
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from scan_brief_cdk.service_catalog.network_pattern import write_network_pattern
from scan_brief_cdk.service_catalog.stack import EMAIL, MY_IP, PARAMETERS, Parameter
from scan_brief_cdk.settings import names
from scan_brief_cdk.settings.networks import NEVER_SOURCES, AllowedNetwork
from tests.infra.parameter_values import OTHERS
from tests.infra.test_setting_values import BAD, GOOD

EVERYONE = ipaddress.ip_network("0.0.0.0/0")
NETWORK: TypeAdapter[str] = TypeAdapter(AllowedNetwork)
EMAIL_ADDRESS: TypeAdapter[str] = TypeAdapter(names.Email)
TYPES: dict[str, TypeAdapter[str]] = {
    "RepositoryName": TypeAdapter(names.RepositoryName),
    "EcrApiVpcEndpointId": TypeAdapter(names.EndpointId),
    "EcrDkrVpcEndpointId": TypeAdapter(names.EndpointId),
    "MyIP": NETWORK,
    "EMail": EMAIL_ADDRESS,
}
SETTINGS = {
    "RepositoryName": "repositoryName",
    "EcrApiVpcEndpointId": "ecrApiVpcEndpointId",
    "EcrDkrVpcEndpointId": "ecrDkrVpcEndpointId",
    "MyIP": "allowedCidrs",
    "EMail": "emails",
}


def accepts(parameter: Parameter, value: str) -> bool:
    """As CloudFormation decides, with Python's regular expressions."""
    least, most = parameter.lengths
    return bool(re.fullmatch(parameter.pattern, value)) and least <= len(value) <= most


def is_accepted(kind: TypeAdapter[str], value: str) -> bool:
    """Whether the setting accepts the value unchanged: a template cannot rewrite /08 as /8."""
    try:
        return kind.validate_python(value) == value
    except ValidationError:
        return False


def list_values(parameter: Parameter) -> Iterator[str]:
    """The settings' good and bad values, and others; without IPv6, because MyIP is for IPv4."""
    for key, given_, _ in [*GOOD, *BAD]:
        if key == SETTINGS[parameter.name]:
            for value in given_ if isinstance(given_, list) else [given_]:
                if isinstance(value, str) and "::" not in value and "," not in value:
                    yield value
    yield from OTHERS[parameter.name]


CASES = [
    (parameter, value)
    for parameter in PARAMETERS
    for value in dict.fromkeys(list_values(parameter))
]
each_parameter = pytest.mark.parametrize(
    "parameter", PARAMETERS, ids=lambda parameter: parameter.name
)


@pytest.mark.parametrize(
    ("parameter", "value"), CASES, ids=lambda part: getattr(part, "name", None)
)
def test_the_parameter_accepts_what_the_setting_accepts(parameter: Parameter, value: str) -> None:
    assert accepts(parameter, value) is is_accepted(TYPES[parameter.name], value)


@each_parameter
def test_both_valid_and_invalid_values_are_tested(parameter: Parameter) -> None:
    verdicts = [accepts(parameter, value) for value in list_values(parameter)]
    assert min(verdicts.count(True), verdicts.count(False)) >= 2


@each_parameter
def test_the_example_in_the_error_text_is_accepted(parameter: Parameter) -> None:
    assert accepts(parameter, parameter.accepted.rpartition(" as in ")[2])


@pytest.mark.parametrize("place", range(4))
def test_every_octet_with_every_prefix(place: int) -> None:
    pattern = re.compile(write_network_pattern())
    for value, prefix, before in product(range(257), range(34), ("8", "203")):
        octets = [before] * place + [str(value)] + ["0"] * (3 - place)
        network = f"{'.'.join(octets)}/{prefix}"
        assert bool(pattern.fullmatch(network)) is is_accepted(NETWORK, network), network


@pytest.mark.parametrize("never", [never for never in NEVER_SOURCES if never.version == 4], ids=str)
def test_every_range_that_is_never_a_source_and_its_surroundings(
    never: ipaddress.IPv4Network,
) -> None:
    size = never.num_addresses
    near = [never[0] - 1] if int(never[0]) else []
    near += [never[0], never[1], never[size // 2], never[-1]] + (
        [never[-1] + 1] if never[-1] != EVERYONE[-1] else []
    )
    for address, prefix in product(near, range(33)):
        network = str(ipaddress.ip_network((address, prefix), strict=False))
        assert accepts(MY_IP, network) is is_accepted(NETWORK, network), network


@given(address=st.ip_addresses(v=4), prefix=st.integers(0, 32), cut=st.booleans())
def test_any_network(address: object, prefix: int, cut: bool) -> None:
    octets = str(address).split(".")
    kept = prefix // 8 + 1 if cut else 4  # random addresses nearly always have host bits
    network = ".".join(octets[:kept] + ["0"] * (4 - kept)) + f"/{prefix}"
    assert accepts(MY_IP, network) is is_accepted(NETWORK, network)


@given(value=st.from_regex(EMAIL.pattern, fullmatch=True))
def test_any_address_that_matches_is_accepted(value: str) -> None:
    assert accepts(EMAIL, value) is is_accepted(TYPES["EMail"], value)


@pytest.mark.skipif(
    not shutil.which("javac"),
    reason="CloudFormation's patterns are Java's, and there is no JDK here",
)
def test_java_has_the_same_results() -> None:
    """Without values that contain a line break, because the input has one value per line."""
    cases = [(parameter.pattern, value) for parameter, value in CASES if "\n" not in value]
    lines = "".join(f"{pattern}\t{value}\n" for pattern, value in cases)
    command = [str(shutil.which("java")), str(Path(__file__).with_name("TryPatterns.java"))]
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    decisions = [line == "true" for line in done.stdout.splitlines()]
    assert decisions == [bool(re.fullmatch(pattern, value)) for pattern, value in cases]
