"""What Inspector found in an image: findings, their order, the report."""
