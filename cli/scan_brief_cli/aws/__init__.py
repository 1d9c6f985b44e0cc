"""What acts on the account that the caller is signed in to; the rest of `local` is the emulator on
this machine.
"""
