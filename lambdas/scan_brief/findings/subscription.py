"""Pure: which fixed versions only a paid or registered subscription brings, by their form."""

from __future__ import annotations

import re

# Sources: Canonical, "Ubuntu Pro: ESM" and "FIPS" (esm and Fips in a version); Freexian, "Extended
# LTS" (elts); TuxCare, "Extended Lifecycle Support" (tuxcare, els); Oracle Linux, "Ksplice" (aware
# user space packages) and "FIPS" (packages of the validated modules).
_MARK = re.compile("esm|fips|els|elts|tuxcare|ksplice", re.IGNORECASE)  # most versions have none
_OFFERS: tuple[tuple[str, str], ...] = (
    (r"[+~.-]esm\d*(?![a-z])", "Ubuntu Pro"),
    (r"ubuntu.*fips", "Ubuntu Pro"),
    (r"fips.*ubuntu", "Ubuntu Pro"),
    (r"[+~.-](?:deb\d+u?\d*[+~.-])?elts\d*(?![a-z])", "Freexian ELTS"),
    (r"tuxcare|[+~.-]els\d*(?![a-z])", "TuxCare ELS"),
    (r"ksplice", "Oracle Linux Premier Support"),
    (r"\.el\d+.*_fips(?![a-z])", "Oracle Linux FIPS"),
)


def find_subscription(version: str | None) -> str | None:
    """The name of what is needed for this version; None if it is open to everybody."""
    if not version or not _MARK.search(version):
        return None
    return next(
        (name for pattern, name in _OFFERS if re.search(pattern, version, re.IGNORECASE)), None
    )
