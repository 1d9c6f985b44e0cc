"""Scan Brief on this machine, for development: the emulator and the Inspector2 double."""
