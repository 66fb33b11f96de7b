"""Whom a centre talks to: people at firms and at departments, the texts it sends them, and sending by e-mail."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
