"""Pure: the address of one image's findings in the Amazon Inspector console.

The form is not documented; several public tools use it, and it opens the image's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

_CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def console_host(region: str, partition: str) -> str:
    """The console's host in a region; in a partition that is not known here, as in AWS's own."""
    return f"{region}.{_CONSOLES.get(partition, _CONSOLES['aws'])}"


def link_image(image: Mapping[str, str]) -> str:
    """`image` as in a report: region, partition, repositoryArn, digest."""
    page = quote(f"{image['repositoryArn']}/{image['digest']}", safe="")
    host = console_host(image["region"], image["partition"])
    return f"https://{host}/inspector/v2/home?region={image['region']}#/findings/container-image/{page}"
