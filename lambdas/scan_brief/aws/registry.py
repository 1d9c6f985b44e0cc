"""Whether Inspector scans the registry at all, for an image that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from scan_brief.aws.faults import FAULTS
from scan_brief.aws.session import create_client
from scan_brief.scan.reasons import NOT_COVERED, NOT_KNOWN, SCANNING_OFF
from scan_brief.scan.scanning_rules import is_covered, is_enhanced
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from mypy_boto3_inspector2 import Inspector2Client

    from scan_brief.model import ScanningAnswer, ScanningConfiguration

_ON = ("ENABLED", "ENABLING")
# What botocore's parser raises for JSON of another shape than the model's, and what we may.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def find_state(
    inspector: Inspector2Client,
    account: str,
    repository: str,
    connect: Callable[[], Any] | None = None,
) -> str:
    """SCANNING_OFF, NOT_COVERED, or NOT_KNOWN if neither is known to be so.

    Asks Inspector for the account's status, and ECR for the registry's scanning configuration,
    which no policy of a repository denies. A failure of either costs only the better reason.
    """
    if _ask(lambda: _is_off(inspector, account)):
        return SCANNING_OFF
    configuration = _ask(lambda: _read_configuration((connect or _connect)()))
    if configuration is None:
        return NOT_KNOWN
    if not is_enhanced(configuration):
        return SCANNING_OFF
    return NOT_KNOWN if is_covered(configuration, repository) is not False else NOT_COVERED


def _connect() -> Any:
    retries = {"mode": "standard", "total_max_attempts": 3}
    config = Config(connect_timeout=3, read_timeout=5, retries=retries)
    return create_client("ecr", config)


def _is_off(inspector: Inspector2Client, account: str) -> bool:
    (state,) = inspector.batch_get_account_status(accountIds=[account])["accounts"]
    return state["resourceState"]["ecr"]["status"] not in _ON


def _read_configuration(ecr: Any) -> ScanningConfiguration:
    answer: ScanningAnswer = ecr.get_registry_scanning_configuration()
    return read_object(answer["scanningConfiguration"])


def _ask(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except (*FAULTS, *_UNREADABLE):
        return None
