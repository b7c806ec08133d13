"""The built-in mutators, a module or package a family; found by entry points, as anyone else's are."""
