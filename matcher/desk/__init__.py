"""The frame of the desk: its first page, the dashboard, the audit pages."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
