"""The allowed IPv4 networks as a regular expression, for a CloudFormation parameter. Pure."""

from __future__ import annotations

_OCTET = r"(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
# The IPv4 ranges of settings.networks.NEVER_SOURCES. An entry with a prefix length excludes only
# networks inside the range: a shorter prefix is a network that extends beyond it.
_NEVER = (
    r"(?:0|10|127|22[4-9]|2[3-5][0-9])\.",
    r"100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.",
    r"169\.254\.[^/]+/(?!15)",
    r"172\.(?:1[6-9]|2[0-9]|3[01])\.",
    r"192\.0\.0\.[^/]+/(?:2[4-9]|3)",
    r"192\.168\.[^/]+/(?!1[345])",
    r"198\.1[89]\.",
)
# The values of the octet in which a prefix ends, by the number of its bits in the prefix. The
# other bits are 0.
_LAST_OCTETS = (
    *("|".join(map(str, range(0, 256, 256 >> bits))) for bits in range(6)),
    "[048]|[2468][048]|[13579][26]|1[02468][048]|1[13579][26]|2[024][048]|2[13][26]|252",
    "[02468]|[1-9][02468]|1[0-9][02468]|2[0-4][02468]|25[024]",
)


def write_network_pattern() -> str:
    """Matches the IPv4 networks that settings.networks.allowed_network accepts, and no others.

    These are public networks from /8 without host bits. The pattern is for a whole text, and means
    the same in Java, which CloudFormation uses, and in Python.
    """
    # Only zeros follow the octet in which the prefix ends.
    ends = (
        rf"(?:{octets})(?:\.0\.0/{8 + bits}|\.0/{16 + bits}|/{24 + bits})"
        for bits, octets in enumerate(_LAST_OCTETS)
    )
    never, four_octets = f"(?!{'|'.join(_NEVER)})", r"(?=(?:[0-9]+\.){3}[0-9]+/)"
    return rf"{never}{four_octets}(?:{_OCTET}\.){{1,3}}(?:{'|'.join(ends)}|{_OCTET}/32)"
