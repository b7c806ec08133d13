"""Systems without a known bug: what is found on them is looked at by eye."""
