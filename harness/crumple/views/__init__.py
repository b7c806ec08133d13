"""Views: how a mutator sees a document, and what each media type can be seen as."""
