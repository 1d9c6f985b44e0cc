"""The AWS Management Console's host in each partition. Pure."""

from __future__ import annotations

# The supported partitions. AWS::URLSuffix does not help: it is the suffix of API endpoints.
# Sources: AWS General Reference; "AWS services in China"; AWS GovCloud (US) User Guide; AWS
# European Sovereign Cloud, "Endpoints". A partition that is not listed gets no link.
CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-eusc": "console.amazonaws-eusc.eu",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def console_host(region: str, partition: str) -> str | None:
    """The console's host in a region; None in a partition whose console is not known."""
    host = CONSOLE_HOSTS.get(partition)
    return f"{region}.{host}" if host else None
