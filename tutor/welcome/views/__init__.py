"""The doors by which people come in."""
