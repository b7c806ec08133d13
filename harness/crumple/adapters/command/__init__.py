"""Systems that are commands: each call runs the command once, in a folder of its own.

`system` describes it and is its adapter, `calls` makes one call, `files` keeps its files.
"""
