"""Forges letters as somebody would who has one genuine letter, every tool there is, and no key."""
