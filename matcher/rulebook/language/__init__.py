"""The condition language: a closed subset of Python's expressions, typed with units, never evaluated by Python."""
