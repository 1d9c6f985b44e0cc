"""Scan Brief's functions: from a scan to a brief. One package, one asset, two handlers."""
