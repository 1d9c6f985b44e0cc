"""What `cdk.json` may say, and what the constructs' properties may be: the same words for the same rules."""

from infra.settings.settings import KEYS, QUALIFIER_KEY, RepositorySettings, Settings
from infra.settings.taker import SettingsError

__all__ = ["KEYS", "QUALIFIER_KEY", "RepositorySettings", "Settings", "SettingsError"]
