"""Pure: addresses of pages in the AWS Management Console.

Their forms are not documented; several public tools use them, and they open the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from scan_brief_common.console import console_host

if TYPE_CHECKING:
    from scan_brief.model import Image, RegistryNames


def link_image(image: Image) -> str | None:
    """The image's page in Amazon Inspector; None in a partition whose console is not known."""
    return _link(image["region"], image["partition"], image["repositoryArn"], image["digest"])


def link_image_of(registry: RegistryNames, repository: str, digest: str) -> str | None:
    """The same of an image in a registry."""
    region, partition = registry["region"], registry["partition"]
    arn = f"arn:{partition}:ecr:{region}:{registry['account']}:repository/{repository}"
    return _link(region, partition, arn, digest)


def link_repository(registry: RegistryNames, repository: str) -> str | None:
    """The repository's page in Amazon ECR, which lists its images; None as above."""
    region, account = registry["region"], registry["account"]
    host = console_host(region, registry["partition"])
    if host is None:
        return None
    page = quote(repository, safe="/")
    return f"https://{host}/ecr/repositories/private/{account}/{page}?region={region}"


def _link(region: str, partition: str, repository_arn: str, digest: str) -> str | None:
    host = console_host(region, partition)
    if host is None:
        return None
    page = quote(f"{repository_arn}/{digest}", safe="")
    return f"https://{host}/inspector/v2/home?region={region}#/findings/container-image/{page}"
