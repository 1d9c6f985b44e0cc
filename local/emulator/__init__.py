"""The emulator MiniStack: its process, what it lacks, and the stack deployed to it."""
