"""Mutation: mutators, ladders and the registry; applying a recipe, and what that does to the right answer."""
