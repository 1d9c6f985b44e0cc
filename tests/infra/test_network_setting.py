"""Which networks may be allowed, and what is said of those that may not."""

from __future__ import annotations

import pytest

from scan_brief_cdk.settings.networks import check_network as allowed_network
from scan_brief_cdk.settings.errors import Refused


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("198.51.100.7/32", "198.51.100.7/32"),
        ("8.0.0.0/8", "8.0.0.0/8"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2400::/16", "2400::/16"),
    ],
)
def test_a_network_of_the_internet_or_of_documentation_is_allowed(
    given: str, expected: str
) -> None:
    assert allowed_network(given) == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("203.0.113.9/24", "is 203.0.113.0/24 meant?"),
        ("2001:db8::1/32", "is 2001:db8::/32 meant?"),
        ("0.0.0.0/0", "open the repository to everyone"),
        ("::/0", "open the repository to everyone"),
        ("10.0.0.0/8", "never arrive through the internet"),
        ("10.1.2.3/24", "never arrive through the internet"),
        ("172.31.0.0/16", "never arrive through the internet"),
        ("192.168.1.0/24", "never arrive through the internet"),
        ("100.64.0.0/10", "never arrive through the internet"),
        ("127.0.0.1/32", "never arrive through the internet"),
        ("169.254.0.0/16", "never arrive through the internet"),
        ("224.0.0.0/4", "never arrive through the internet"),
        ("fd00::/8", "never arrive through the internet"),
        ("fe80::/10", "never arrive through the internet"),
        ("::1/128", "never arrive through the internet"),
        ("::ffff:203.0.113.0/120", "never arrive through the internet"),
        ("10.1.2.3", "never arrive through the internet"),
        ("203.0.113.9/0", "open the repository to everyone"),
        ("203.0.113.9/4", "at least /8"),
        ("128.0.0.0/1", "at least /8"),
        ("2000::/3", "at least /16"),
        ("203.0.113.9", "is 203.0.113.9/32 meant?"),
        ("203.0.113.0/255.255.255.0", "is 203.0.113.0/24 meant?"),
        ("2001:db8::%eth0/64", "CIDR"),
        ("203.0.113.0/33", "CIDR"),
        ("203.0.113/24", "CIDR"),
        ("example.com", "CIDR"),
        ("", "CIDR"),
        (None, "CIDR"),
        (3405803776, "CIDR"),
    ],
)
def test_any_other_is_refused_with_the_reason(given: object, said: str) -> None:
    with pytest.raises(Refused) as refused:
        allowed_network(given)
    assert said in refused.value.accepted
    assert refused.value.given == given
