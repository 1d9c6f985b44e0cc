"""The messages of a summary and a digest, of samples that come with the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from scan_brief.brief.digest import DigestFormatter
from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.summary import SummaryFormatter
from scan_brief.settings import FormatSettings
from scan_brief_cdk.settings import Settings
from scan_brief_cli.preview.template_faults import template_faults
from scan_brief_cli.preview.template_files import check_template_files

Sample = Literal["summary", "digest"]

_FOLDER = Path(__file__).parent.parent / "sample"


def preview_sample(name: Sample, settings: Settings) -> Mapping[str, Any]:
    """The brief, in the shape of message.Formatter.format. Raises BadInput."""
    content = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    asked = FormatSettings(language=settings.language, time_zone=ZoneInfo(settings.time_zone))
    check_template_files(TEMPLATES, asked.language)
    with template_faults(TEMPLATES, asked.language):
        if name == "summary":
            return SummaryFormatter(asked, TEMPLATES).format(content)
        return DigestFormatter(asked, TEMPLATES).format(content)
