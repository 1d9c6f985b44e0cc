"""Limits, console hosts, name patterns and look-alikes, for all packages. Pure."""
