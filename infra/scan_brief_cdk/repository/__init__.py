"""The restricted repository, and how the registry that it is in scans."""
