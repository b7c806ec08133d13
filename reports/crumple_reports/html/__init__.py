"""A report as one HTML page that loads nothing: it can be mailed, opened offline, printed and read aloud.

environment     the template engine: everything that is put in is escaped, and made harmless, there and nowhere else
page            the whole: a head, sections, the policy that keeps anything foreign from running
completed       what a document lacks, filled in with nothing, and said
attempts        each part made on its own: one that cannot be costs the page none of the others
verdict         the top: the answer for whoever pays; its figures are `key_figures`
sections        which there are, in order; one that has nothing to say is left out; each makes a `section`

limits          the contract: each limit with its figure and its bound
heatmap         which category and mutator fails at which level
breaking_points from where on each mutator breaks the system; whatever is drawn is drawn by `charts`
forecast        what production has to expect, by the mix
problems        each cause of failures with all that is known; documents are its `exhibit`, answers its `fields`
night, search, session       what a night, a search and a pytest session have beside it
labels, validity             of classifications; of answers that keep to a schema
amounts, trends              time and money; the runs before
left_out        what no rate counts: each a `part`, those of clean documents in `clean_cases`
made            how the run was made
comparison      all of two runs side by side

Each section is a module with a `section` function, and `templates/NAME.html` beside it; what it needs of style and
script is a file of `style/` and `script/`. What can be filtered has the class `filterable`, and words in
`data-category`, `data-outcome` and `data-level`; a problem has the id `problem-N`.
"""

from crumple_reports.html.page import render as render
