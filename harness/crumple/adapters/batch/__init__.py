"""Systems that take a folder at a time: documents are written, something processes them, answers are collected.

`manifest` says what was written, `export` writes, `answers` reads, `judged` gives each call its answer, and `system`
has a command process a folder.
"""
