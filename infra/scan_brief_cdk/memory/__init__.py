"""What the workflow remembers from one brief to the next."""
