"""The rule author's tools: worked cases, coverage, mutants, proofs, comparisons. Nothing at run time imports it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
