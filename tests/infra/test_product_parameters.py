"""What the product's parameters take: what the settings of the same meaning take, and nothing else."""

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
OTHERS = {
    "RepositoryName": [
        "a1",
        "-a",
        "a-",
        "a--b",
        "a__b",
        "a/b/c",
        "/a",
        "a/",
        "a b",
        "é1",
        "ａｂ",
        "*",
        "team/*",
    ],
    "EcrApiVpcEndpointId": [
        "vpce-0123456789abcdef0",
        "vpce-0123456789abcdef",
        "vpce-",
        "VPCE-0123abcd",
        "vpce-０123abcd",
    ],
    "EcrDkrVpcEndpointId": [
        "vpce-0123456789abcdef0",
        "vpce-0123456789abcdef00",
        "vpce-0123abcg",
        " vpce-0123abcd",
    ],
    "MyIP": [
        *(
            "203.0.113.7/32",
            "203.0.113.7",
            "203.0.113.7/24",
            "203.0.113.0/24 ",
            "203.0.113.0/24,198.51.100.0/24",
        ),
        *(
            "0.0.0.0/0",
            "0.0.0.0/1",
            "128.0.0.0/1",
            "8.0.0.0/7",
            "8.0.0.0/8",
            "8.0.0.0/08",
            "8.0.0.0/33",
            "08.0.0.0/8",
        ),
        *(
            "256.0.0.0/8",
            "203.113.0/24",
            "203.0.0/16",
            "8.0.0.0.0/24",
            "203.0.113.0/255.255.255.0",
            "8.128.0.0/9",
            "8.64.0.0/9",
        ),
        *(
            "192.168.0.0/16",
            "192.168.0.0/13",
            "169.254.0.0/15",
            "169.254.0.0/16",
            "172.15.0.0/16",
            "172.16.0.0/12",
        ),
        *(
            "100.64.0.0/10",
            "100.63.0.0/16",
            "100.128.0.0/16",
            "224.0.0.0/8",
            "223.0.0.0/8",
            "203.0.113.٣/32",
        ),
    ],
    "EMail": [
        *(
            "a@b.co",
            "a+b@mail.example.com",
            "first.last@example.com",
            "a@b.c",
            "a@-b.com",
            "a@b-.com",
            "a@b.1a",
        ),
        *(
            "a b@example.com",
            "a@example.com,b@example.com",
            "a@example.com;b@example.com",
            "<a@example.com>",
            "@b.co",
        ),
        *(
            "Name <a@example.com>",
            "mailto:a@example.com",
            "a@exam_ple.com",
            "a@b..com",
            ".a@b.com",
            "ä@example.com",
        ),
        *(
            "a" * 242 + "@example.com",
            "a" * 243 + "@example.com",
            "o'hara@example.com",
            "{a}|b~@example.com",
        ),
    ],
}


def takes(parameter: Parameter, value: str) -> bool:
    """As CloudFormation decides, in Python's expressions."""
    least, most = parameter.lengths
    return bool(re.fullmatch(parameter.pattern, value)) and least <= len(value) <= most


def is_taken(kind: TypeAdapter[str], value: str) -> bool:
    """Unchanged: a template cannot write /08 as /8."""
    try:
        return kind.validate_python(value) == value
    except ValidationError:
        return False


def list_values(parameter: Parameter) -> Iterator[str]:
    """The settings' own good and bad values, and others. IPv6 is left out: the parameter is for
    IPv4.
    """
    for key, given_, _ in [*GOOD, *BAD]:
        if key == SETTINGS[parameter.name]:
            several = given_ if isinstance(given_, list) else [given_]
            yield from (
                one
                for one in several
                if isinstance(one, str) and "::" not in one and "," not in one
            )
    yield from OTHERS[parameter.name]


CASES = [(one, value) for one in PARAMETERS for value in dict.fromkeys(list_values(one))]


@pytest.mark.parametrize(("parameter", "value"), CASES, ids=lambda one: getattr(one, "name", None))
def test_it_takes_what_the_setting_takes(parameter: Parameter, value: str) -> None:
    assert takes(parameter, value) is is_taken(TYPES[parameter.name], value)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_values_of_both_kinds_are_tried(parameter: Parameter) -> None:
    verdicts = [takes(parameter, value) for value in list_values(parameter)]
    assert min(verdicts.count(True), verdicts.count(False)) >= 2


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_the_example_in_what_it_says_is_taken(parameter: Parameter) -> None:
    assert takes(parameter, parameter.accepted.rpartition(" as in ")[2])


@pytest.mark.parametrize("place", range(4))
def test_every_octet_with_every_prefix(place: int) -> None:
    pattern = re.compile(write_network_pattern())
    for value, prefix, before in product(range(257), range(34), ("8", "203")):
        octets = [before] * place + [str(value)] + ["0"] * (3 - place)
        network = f"{'.'.join(octets)}/{prefix}"
        assert bool(pattern.fullmatch(network)) is is_taken(NETWORK, network), network


@pytest.mark.parametrize("never", [one for one in NEVER_SOURCES if one.version == 4], ids=str)
def test_every_range_from_which_nothing_comes_and_its_surroundings(
    never: ipaddress.IPv4Network,
) -> None:
    size = never.num_addresses
    near = [never[0] - 1] if int(never[0]) else []
    near += [never[0], never[1], never[size // 2], never[-1]] + (
        [never[-1] + 1] if never[-1] != EVERYONE[-1] else []
    )
    for address, prefix in product(near, range(33)):
        network = str(ipaddress.ip_network((address, prefix), strict=False))
        assert takes(MY_IP, network) is is_taken(NETWORK, network), network


@given(address=st.ip_addresses(v=4), prefix=st.integers(0, 32), cut=st.booleans())
def test_any_network(address: object, prefix: int, cut: bool) -> None:
    octets = str(address).split(".")
    kept = prefix // 8 + 1 if cut else 4  # random addresses nearly always have host bits
    network = ".".join(octets[:kept] + ["0"] * (4 - kept)) + f"/{prefix}"
    assert takes(MY_IP, network) is is_taken(NETWORK, network)


@given(value=st.from_regex(EMAIL.pattern, fullmatch=True))
def test_any_address_that_fits_is_one(value: str) -> None:
    assert takes(EMAIL, value) is is_taken(EMAIL_ADDRESS, value)


@pytest.mark.skipif(
    not shutil.which("javac"),
    reason="CloudFormation's patterns are Java's, and there is no JDK here",
)
def test_java_says_the_same() -> None:
    """But for values with a line break, which cannot stand on a line of the input."""
    cases = [(one.pattern, value) for one, value in CASES if "\n" not in value]
    lines = "".join(f"{pattern}\t{value}\n" for pattern, value in cases)
    command = [str(shutil.which("java")), str(Path(__file__).with_name("TryPatterns.java"))]
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    said = [line == "true" for line in done.stdout.splitlines()]
    assert said == [bool(re.fullmatch(pattern, value)) for pattern, value in cases]
