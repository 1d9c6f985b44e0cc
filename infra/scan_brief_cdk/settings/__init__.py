"""What `cdk.json` may say, and what the constructs' properties may be: the same words for the same
rules.
"""

from scan_brief_cdk.settings.settings import KEYS, QUALIFIER_KEY, RepositorySettings, Settings
from scan_brief_cdk.settings.taker import SettingsError

__all__ = ["KEYS", "QUALIFIER_KEY", "RepositorySettings", "Settings", "SettingsError"]
