"""How often a night wakes somebody for nothing, and how soon it sees what got worse, by simulation."""
