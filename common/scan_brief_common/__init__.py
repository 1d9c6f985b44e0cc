"""Limits, console hosts and name patterns, for functions, constructs and command. Pure."""
