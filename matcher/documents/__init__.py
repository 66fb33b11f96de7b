"""Reads a firm's own documents (tax returns, financial statements, the licence) as PDF or spreadsheet, for the facts that stand in them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
