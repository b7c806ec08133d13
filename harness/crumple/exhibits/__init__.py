"""What degraded documents look like beside the clean ones: made again from their recipes, as small as a report needs.

making      the exhibits of a run's calls, in processes that may be lost, for documents hang and kill what draws them
again       one call's documents, loaded and degraded again or taken from where they were kept
drawing     two documents as an exhibit, by the first view that shows what differs
pages       pictures of pages; `details` what is cut out of them
rows        tables; `lines` texts and dumps of bytes; `sequences` which items of either are shown
marking     what differs within a line, and what cannot be seen written out
bounds      how much of one document is shown; `room` how much of all of them
"""
