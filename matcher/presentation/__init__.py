"""Decisions, questions and rules as pages show them: cards, reasons, plots, sheets, forms."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
