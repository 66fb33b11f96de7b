"""Backing up a whole site, and putting it back into an empty place."""
