"""Capable readers: what undoes each mutator, category by category, so that what is not lost can be read again."""
