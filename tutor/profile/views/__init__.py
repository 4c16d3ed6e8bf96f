"""A person about themselves."""
