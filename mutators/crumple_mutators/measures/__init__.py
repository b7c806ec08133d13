"""Measures: what messy documents show of the damage that mutators do, by subject."""
