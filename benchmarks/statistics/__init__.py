"""How often crumple's statistics are right, and how many calls they take: by simulation."""
