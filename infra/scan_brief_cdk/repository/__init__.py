"""The restricted repository, and the scanning of the registry."""
