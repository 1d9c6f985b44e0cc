"""platform: which system an image has, and whether it was still supported when it was scanned."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scan_brief.brief import platform
from scan_brief.brief.platform import find_end_of_support, format_platform
from scan_brief.model import SystemTable
from tests.shapes import assert_shape

TABLE = json.loads(Path(platform.__file__).with_name("end_of_support.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("code", "architecture", "words"),
    [
        ("DEBIAN_12", "arm64", "Debian 12 · arm64"),
        ("ALPINE_3_19", "amd64", "Alpine Linux 3.19 · amd64"),
        ("ALPINE_LINUX_3_19", "x86_64", "Alpine Linux 3.19 · amd64"),
        ("AMAZON_LINUX_2", None, "Amazon Linux 2"),
        ("AMAZON_LINUX_2023", "ARM64", "Amazon Linux 2023 · arm64"),
        ("AMAZON_LINUX_2018_03", None, "Amazon Linux 1"),
        ("UBUNTU_22_04", None, "Ubuntu 22.04"),
        ("RHEL_9", None, "Red Hat Enterprise Linux 9"),
        ("REDHAT_8", None, "Red Hat Enterprise Linux 8"),
        ("ORACLE_LINUX_8", None, "Oracle Linux 8"),
        ("SLES_15_SP4", None, "SUSE Linux Enterprise Server 15.4"),
        ("CENTOS_STREAM_9", None, "CentOS Stream 9"),
        ("DISTROLESS", None, "Distroless"),
        ("A_NEW_ONE_7", "riscv64", "A_NEW_ONE_7 · riscv64"),
        ("DEBIAN_SID", None, "DEBIAN_SID"),
        (None, "arm64", "arm64"),
        (None, None, ""),
    ],
)
def test_codes_are_words_and_unknown_ones_stay(
    code: str | None, architecture: str | None, words: str
) -> None:
    assert format_platform(code, architecture) == words


@pytest.mark.parametrize(
    ("code", "scanned_at", "date_of_end"),
    [
        ("DEBIAN_11", "2024-08-14T23:59:59Z", None),
        ("DEBIAN_11", "2024-08-15T00:00:00Z", "2024-08-14"),
        ("UBUNTU_14_04", "2026-01-31T23:30:00Z", "2019-04-25"),
        ("RHEL_7_9", "2026-01-31T23:30:00Z", "2024-06-30"),
        ("ALPINE_3_18_4", "2026-01-31T23:30:00Z", "2025-05-09"),
        ("AMAZON_LINUX_2", "2026-07-01T00:00:00Z", "2026-06-30"),
        ("DEBIAN_13", "2026-01-31T23:30:00Z", None),
        ("DEBIAN_99", "2026-01-31T23:30:00Z", None),
        ("A_NEW_ONE", "2026-01-31T23:30:00Z", None),
        ("UBUNTU_14_04", None, None),
        (None, "2026-01-31T23:30:00Z", None),
    ],
)
def test_support_ends_before_the_scan_not_before_now(
    code: str | None, scanned_at: str | None, date_of_end: str | None
) -> None:
    ended = find_end_of_support(code, scanned_at)
    assert (ended and ended["date"]) == date_of_end


def test_the_table_has_its_sources_and_only_systems_that_codes_are_read_as() -> None:
    date.fromisoformat(TABLE["retrieved"])
    names = [system["name"] for system in TABLE["systems"]]
    assert len(set(names)) == len(names) > 70
    assert_shape(TABLE, SystemTable)
    for system in TABLE["systems"]:
        date.fromisoformat(system["endOfStandardSupport"])
        assert system["source"].startswith("https://")
        assert format_platform(system["id"], None) == system["name"]
