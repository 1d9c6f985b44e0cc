"""Pure: an image's platform in words, and whether its vendor still supported it at the scan."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import EndOfSupport, SystemTable

_TABLE = Path(__file__).parent / "end_of_support.json"
# Inspector's codes begin with one of these; it documents none of them.
_FAMILIES = (
    ("ALMA_?LINUX", "AlmaLinux"),
    ("ALPINE(?:_LINUX)?", "Alpine Linux"),
    ("(?:AMAZON|AMZN)(?:_?LINUX)?", "Amazon Linux"),
    ("BOTTLEROCKET", "Bottlerocket"),
    ("CENTOS_STREAM", "CentOS Stream"),
    ("CENTOS", "CentOS"),
    ("CHAINGUARD", "Chainguard"),
    ("DEBIAN(?:_LINUX)?", "Debian"),
    ("DISTROLESS", "Distroless"),
    ("FEDORA", "Fedora"),
    ("MINIMOS", "MinimOS"),
    ("OPEN_?SUSE(?:_LEAP)?", "openSUSE Leap"),
    ("ORACLE(?:_LINUX)?", "Oracle Linux"),
    ("PHOTON(?:_OS)?", "Photon OS"),
    ("RHEL|RED_?HAT(?:_ENTERPRISE)?(?:_LINUX)?", "Red Hat Enterprise Linux"),
    ("ROCKY(?:_LINUX)?", "Rocky Linux"),
    ("SLES|SUSE(?:_LINUX)?(?:_ENTERPRISE)?(?:_SERVER)?", "SUSE Linux Enterprise Server"),
    ("UBUNTU", "Ubuntu"),
    ("WINDOWS(?:_SERVER)?", "Windows Server"),
    ("WOLFI", "Wolfi"),
)
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i386": "386"}


def format_platform(platform: str | None, architecture: str | None) -> str:
    """Debian 12 · arm64; "" if neither is known. A code that is not understood stays as it is."""
    chip = (architecture or "").lower()
    known = (_format_system(platform or ""), _ARCHITECTURES.get(chip, chip))
    return " · ".join(part for part in known if part)


def find_end_of_support(platform: str | None, scanned_at: str | None) -> EndOfSupport | None:
    """The end of standard support, if it was before the day of the scan (ISO 8601, UTC)."""
    name = _format_system(platform or "")
    while name and scanned_at:
        ended = _read_table().get(name)
        if ended is not None:
            return {"system": name, "date": ended} if ended < scanned_at[:10] else None
        name = name.rpartition(".")[0]  # of 9.4, what is known of 9
    return None


def _format_system(code: str) -> str:
    for prefix, name in _FAMILIES:
        version = re.fullmatch(rf"(?:{prefix})((?:_(?:V|SP)?\d+)*)", code.upper())
        if version:
            numbers = re.findall(r"\d+", version.group(1))
            # Amazon Linux 1 had releases such as 2018.03.
            first = name == "Amazon Linux" and len(numbers) == 2 and numbers[0].startswith("201")
            return " ".join([name, "1" if first else ".".join(numbers)]).strip()
    return code


@cache
def _read_table() -> dict[str, str]:
    table: SystemTable = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {system["name"]: system["endOfStandardSupport"] for system in table["systems"]}
