"""The settings in `cdk.json`. The constructs' properties are checked with the same types."""

from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_cdk.settings.settings import KEYS, RepositorySettings, Settings
from scan_brief_cdk.settings.top_level import QUALIFIER_KEY

__all__ = ["KEYS", "QUALIFIER_KEY", "RepositorySettings", "Settings", "SettingsError"]
