"""subscription: fixed versions that are not open to everybody."""

from __future__ import annotations

import pytest

from scan_brief.findings.subscription import find_subscription
from tests.unit.builders import make_finding, make_package, make_report


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("2:7.4.052-1ubuntu3.1+esm1", "Ubuntu Pro"),
        ("7.35.0-1ubuntu2.20+esm11", "Ubuntu Pro"),
        ("1.13.8-2ubuntu1~16.04.1~esm2", "Ubuntu Pro"),
        ("1.1.1f-1ubuntu2.fips.22", "Ubuntu Pro"),
        ("3.0.2-0ubuntu1.10+Fips1", "Ubuntu Pro"),
        ("1.0.1t-1+deb8u22+elts1", "Freexian ELTS"),
        ("7.52.1-5+deb9u16~elts1", "Freexian ELTS"),
        ("1.0.2k-26.el7_9.tuxcare.els2", "TuxCare ELS"),
        ("2.7.18.tuxcare.1", "TuxCare ELS"),
        ("4.4.20-1.el6.els3", "TuxCare ELS"),
        ("2:2.17-326.0.9.ksplice1.el7_9", "Oracle Linux Premier Support"),
        ("10:1.1.1k-12.el8_9_fips", "Oracle Linux FIPS"),
        ("1.0.2k-26.el7_9", None),
        ("3.0.11-1~deb12u2", None),
        ("1.2.3-els-rocks", "TuxCare ELS"),
        ("3.0.7-27.el9", None),
        ("1.2.3+esmeralda", None),
        ("1:2.39-4.amzn2.0.1", None),
        ("2.15.0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_version_tells_by_its_form_what_it_needs(version: str | None, name: str | None) -> None:
    assert find_subscription(version) == name


def test_a_finding_needs_one_if_all_of_its_fixed_versions_do() -> None:
    pro, free = make_package(fixedInVersion="1+esm1"), make_package(fixedInVersion="2")
    given = [
        make_finding(number, details={"vulnerablePackages": packages}, fixAvailable=fix)
        for number, (packages, fix) in enumerate(
            [([pro], "YES"), ([pro, free], "YES"), ([pro], "NO"), ([], "YES"), ([free], "PARTIAL")]
        )
    ]
    report = make_report(given)
    assert (report["fixable"], report["subscriptionOnly"]) == (4, 1)
