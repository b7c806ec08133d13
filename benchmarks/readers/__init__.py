"""crumple over readers that others wrote, and over dummies that must come out below them."""
