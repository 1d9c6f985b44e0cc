"""Pure: the address of an image's findings in the Amazon Inspector console.

The form is not documented; several public tools use it, and it opens the image's page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from scan_brief_common.console import console_host

if TYPE_CHECKING:
    from scan_brief.model import Image


def link_image(image: Image) -> str | None:
    """The image's page; None in a partition whose console is not known."""
    region = image["region"]
    host = console_host(region, image["partition"])
    if host is None:
        return None
    page = quote(f"{image['repositoryArn']}/{image['digest']}", safe="")
    return f"https://{host}/inspector/v2/home?region={region}#/findings/container-image/{page}"
