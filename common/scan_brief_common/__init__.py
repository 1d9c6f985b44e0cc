"""What the functions, the constructs and the command share: limits, console hosts and name patterns. Pure."""
