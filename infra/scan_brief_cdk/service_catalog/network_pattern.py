"""One allowed IPv4 network as a regular expression, for where nothing but a pattern can check it.
Pure.
"""

from __future__ import annotations

_OCTET = r"(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
# settings.networks.NEVER_SOURCES, as far as they are IPv4. Where a prefix stands here, the range
# may also be the beginning of a larger network, which reaches beyond it.
_NEVER = (
    r"(?:0|10|127|22[4-9]|2[3-5][0-9])\.",
    r"100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.",
    r"169\.254\.[^/]+/(?!15)",
    r"172\.(?:1[6-9]|2[0-9]|3[01])\.",
    r"192\.0\.0\.[^/]+/(?:2[4-9]|3)",
    r"192\.168\.[^/]+/(?!1[345])",
    r"198\.1[89]\.",
)
# The octet in which a prefix ends, by how many of its bits belong to the network: the rest of them
# is 0.
_LAST_OCTETS = (
    *("|".join(map(str, range(0, 256, 256 >> bits))) for bits in range(6)),
    "[048]|[2468][048]|[13579][26]|1[02468][048]|1[13579][26]|2[024][048]|2[13][26]|252",
    "[02468]|[1-9][02468]|1[0-9][02468]|2[0-4][02468]|25[024]",
)


def write_network_pattern() -> str:
    """What settings.networks.allowed_network takes of IPv4, and nothing else: public, from /8,
    without host bits.

    For the whole of a text; it means the same in Java, which CloudFormation uses, and in Python.
    """
    # After the octet in which the prefix ends only zeros follow, at each of three places.
    ends = (
        rf"(?:{octets})(?:\.0\.0/{8 + bits}|\.0/{16 + bits}|/{24 + bits})"
        for bits, octets in enumerate(_LAST_OCTETS)
    )
    return rf"(?!{'|'.join(_NEVER)})(?=(?:[0-9]+\.){{3}}[0-9]+/)(?:{_OCTET}\.){{1,3}}(?:{'|'.join(ends)}|{_OCTET}/32)"
