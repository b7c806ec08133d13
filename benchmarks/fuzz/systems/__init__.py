"""The planted systems: ten by us; ten by somebody who has not seen the catalogue; five that are robust."""
