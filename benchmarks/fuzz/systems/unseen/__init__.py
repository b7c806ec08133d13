"""Systems by somebody who has not seen the catalogue of mutators."""
