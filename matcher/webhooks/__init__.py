"""Webhooks: what happens to a centre's letters and outreach, told to other programs as it happens, signed."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
