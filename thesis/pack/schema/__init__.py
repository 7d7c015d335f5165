"""The shape of each YAML file of a pack."""
