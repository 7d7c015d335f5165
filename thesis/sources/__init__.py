"""What a company filed, read into facts exactly as stated, each with its place."""
