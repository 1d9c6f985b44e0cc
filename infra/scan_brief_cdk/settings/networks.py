"""Readers of the allowed networks: CIDRs from which requests can come through the internet. Pure."""

from __future__ import annotations

import ipaddress
import re
from itertools import permutations

from scan_brief_cdk.settings.value import Refused, list_of

ACCEPTED = "networks in CIDR form such as 198.51.100.0/24 or 2001:db8::/32"
NEVER_ARRIVES = (
    "private and reserved addresses never arrive through the internet: they use the VPC endpoints"
)
# No allocation to one organisation is wider; a shorter prefix is a slip, or the internet in two
# halves.
SHORTEST_PREFIX = {4: 8, 6: 16}
# Through the internet no request has such a source address. Written out, because
# ipaddress.is_private also holds for the ranges kept for documentation, with which the samples are
# written. Of IPv6 only 2000::/3 is global unicast (RFC 4291); the others here are all the rest.
NEVER_SOURCES = tuple(
    ipaddress.ip_network(text)
    for text in (
        *(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
        ),
        *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/3", "4000::/2", "8000::/1"),
    )
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def allowed_network(given: object) -> str:
    """One network in its canonical text; raises Refused, with what was probably meant if it can be
    told.
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


def allowed_networks(given: object) -> tuple[str, ...]:
    """At least one network, none of which stands twice or lies within another."""
    texts = list_of(allowed_network, least=1)(given)
    for outer, inner in permutations(map(ipaddress.ip_network, texts), 2):
        if _holds(outer, inner):
            raise Refused(str(inner), f"each network only once; {outer} holds it already")
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
