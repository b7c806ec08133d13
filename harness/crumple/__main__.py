"""`python -m crumple`: the same as the command `crumple`."""

from crumple.cli import main

main()
