"""Reports: what each command prints, as blocks of a document."""
