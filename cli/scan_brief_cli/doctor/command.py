"""The command `scan-brief doctor`, from its options to its report."""

from __future__ import annotations

from typing import Any

from scan_brief.scan.errors import InvalidRequest
from scan_brief.scan.request import Registry, read_request
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.aws.stack_name import check_stack_name
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.examination import examine
from scan_brief_cli.doctor.report import to_json


def run_doctor(*, stack_name: str, repository: str | None) -> dict[str, Any]:
    """The report, as report.to_json makes it.

    Raises BadInput for an option, or without credentials or region.
    """
    check_stack_name(stack_name)
    if repository is not None:
        _check_repository(repository)
    account = Account(open_session())
    try:
        return to_json(examine(account, stack_name=stack_name, repository=repository))
    finally:
        account.close()


def _check_repository(name: str) -> None:
    """By the rules for the repository in a request by hand."""
    nowhere = Registry(account="", region="", partition="")
    try:
        read_request({"repository": name, "imageTag": "latest"}, nowhere)
    except InvalidRequest as fault:
        raise BadInput(f"--{fault}") from fault
