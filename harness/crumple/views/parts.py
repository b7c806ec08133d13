"""Parts: what a document carries inside: the members of an archive, the attachments of a mail."""
