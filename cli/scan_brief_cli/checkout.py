"""What only a checkout of the project has: `demo` runs the emulator, which is not installed."""

from __future__ import annotations

import sys

from scan_brief_cdk.files import CHECKOUT
from scan_brief_cli.bad_input import BadInput


def add_checkout_to_path() -> None:
    """Make the package `local` importable. Raises BadInput where there is no checkout.

    `local` is not installed, because another project may have a package of that name.
    """
    if CHECKOUT is None:
        raise BadInput("demo: needs the project's checkout; run make demo there")
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
