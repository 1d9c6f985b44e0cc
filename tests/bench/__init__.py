"""Measures speed, memory and size against fixed targets, for `make bench`."""
