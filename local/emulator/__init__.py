"""MiniStack as a process of its own, what it lacks, and the stack deployed to it."""
