"""Which image a request means, and whether Inspector scanned it."""
