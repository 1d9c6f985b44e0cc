"""Pure: the address of one image's findings in the Amazon Inspector console.

The form is not documented; several public tools use it, and it opens the image's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from scan_brief_common.console import console_host


def link_image(image: Mapping[str, str]) -> str | None:
    """`image` as in a report: region, partition, repositoryArn, digest. None without a known console."""
    page = quote(f"{image['repositoryArn']}/{image['digest']}", safe="")
    host = console_host(image["region"], image["partition"])
    if host is None:
        return None
    return f"https://{host}/inspector/v2/home?region={image['region']}#/findings/container-image/{page}"
