"""What the functions' bundle is made from, besides their packages: requirements.lock."""
