"""The edges: one module for each Task state that runs a function. Nothing imports them."""
