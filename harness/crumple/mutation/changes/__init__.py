"""The changes that a step has made, told apart, so that some of them are kept and the others undone.

`telling` says which steps' changes can be told apart at all, `told` and `cut` do it. A module a view:
`of_text`, `of_table`, `of_record`, `of_pages`, `of_form`, `of_bytes`, `of_rest`. Pure.
"""

from crumple.mutation.changes.cut import cut as cut
from crumple.mutation.changes.cut import how_many as how_many
