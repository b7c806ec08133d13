"""What the system must keep, written beforehand: limits, what is known of each, and whether it is met. Pure."""
