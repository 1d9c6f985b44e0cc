"""Edge: the command `scan-brief doctor`, from its options to its report."""

from __future__ import annotations

import re
from typing import Any

from local.doctor.calls import connect
from local.doctor.examination import examine
from local.doctor.report import to_json
from local.scan_files import BadInput
from scan_brief.errors import InvalidRequest
from scan_brief.request import Registry, read_request
from scan_brief.text import clean

_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}", re.ASCII)  # as CloudFormation has them


def run_doctor(*, stack_name: str, repository: str | None) -> dict[str, Any]:
    """The report, report.to_json's object. Raises BadInput for an option, or without credentials or region."""
    if not _STACK_NAME.fullmatch(stack_name):
        accepted = "a letter, then up to 127 letters, digits or -"
        raise BadInput(f'--stack-name: given "{clean(stack_name, 80)}"; accepted: {accepted}')
    if repository is not None:
        _check_repository(repository)
    account = connect()
    try:
        return to_json(examine(account, stack_name=stack_name, repository=repository))
    finally:
        account.close()


def _check_repository(name: str) -> None:
    """As a request by hand would name it."""
    nowhere = Registry(account="", region="", partition="")
    try:
        read_request({"repository": name, "imageTag": "latest"}, nowhere)
    except InvalidRequest as fault:
        raise BadInput(f"--{fault}") from fault
