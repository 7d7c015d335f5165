"""The keys of each YAML file of a pack, as record classes."""
