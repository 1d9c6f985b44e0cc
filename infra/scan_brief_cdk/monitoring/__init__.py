"""The alarms for lost briefs."""
