"""The types of the allowed networks: CIDRs of requests through the internet. Pure."""

from __future__ import annotations

import ipaddress
import re
from itertools import permutations
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.lists import list_or_text, refuse_repeated
from scan_brief_common.limits import SHORTEST_PREFIX

ACCEPTED = "networks in CIDR form such as 198.51.100.0/24 or 2001:db8::/32"
NEVER_ARRIVES = (
    "no request through the internet comes from private or reserved addresses: they use the VPC"
    " endpoints"
)
# No request comes from these through the internet. Written out, because ipaddress.is_private also
# holds for the ranges reserved for documentation, which the samples use. In IPv6 only 2000::/3 is
# global unicast (RFC 4291); the ranges here are all the rest.
NEVER_SOURCES = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4"),
        *("240.0.0.0/4", "::/3", "4000::/2", "8000::/1"),
    )
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def check_network(given: object) -> str:
    """One network in its canonical form. Raises Refused, with what was probably meant if that is
    clear.
    """
    if not isinstance(given, str) or "%" in given:  # a zone means something on one machine only
        raise Refused(given, ACCEPTED)
    try:
        network = ipaddress.ip_network(given, strict=False)
    except ValueError:
        raise Refused(given, ACCEPTED) from None
    _refuse_reach(given, network)
    _refuse_form(given, network)
    return str(network)


def check_networks(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Refused for a network that lies within another."""
    for outer, inner in permutations(map(ipaddress.ip_network, texts), 2):
        if _holds(outer, inner):
            raise Refused(str(inner), f"each network only once; {outer} contains it")
    return texts


def _refuse_reach(given: str, network: Network) -> None:
    if network.prefixlen == 0:
        raise Refused(given, f"{ACCEPTED}; {network} would open the repository to everyone")
    if any(_holds(range_, network) for range_ in NEVER_SOURCES):
        raise Refused(given, f"{ACCEPTED}; {NEVER_ARRIVES}")
    if network.prefixlen < SHORTEST_PREFIX[network.version]:
        raise Refused(
            given, f"{ACCEPTED}, with a prefix of at least /{SHORTEST_PREFIX[network.version]}"
        )


def _refuse_form(given: str, network: Network) -> None:
    if not re.search(r"/[0-9]{1,3}\Z", given):  # a bare address, or a net mask
        raise Refused(given, f"{ACCEPTED}; is {network} meant?")
    if ipaddress.ip_interface(given).ip != network.network_address:
        raise Refused(given, f"networks without host bits; is {network} meant?")


def _holds(outer: Network, inner: Network) -> bool:
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


AllowedNetwork = Annotated[str, BeforeValidator(check_network, json_schema_input_type=str)]
AllowedNetworks = Annotated[
    tuple[AllowedNetwork, ...],
    list_or_text(AllowedNetwork, ACCEPTED, least=1),
    AfterValidator(refuse_repeated),
    AfterValidator(check_networks),
]
