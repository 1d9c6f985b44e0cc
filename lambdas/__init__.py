"""The locks of what the functions' bundle has besides their packages."""
