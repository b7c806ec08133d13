"""JSON Lines: one record a line, seen as a record that is a list."""
