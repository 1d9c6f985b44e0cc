"""Scan Brief on this machine: the emulator, the Inspector2 double, the outbox and the command line."""
