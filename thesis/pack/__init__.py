"""A pack: the folder of files that states a thesis, read into typed records."""
