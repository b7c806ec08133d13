"""What is the matter with the files of a folder: measured, counted, and written as a mix.

`measures` finds what measures, `folder` the files; `one_file` opens and measures one of them, in a process of `pool`;
`severity` makes levels of values, `tally` counts, `shares` makes the mix of it, and `mix_file` writes that down.
"""
