"""Changes of the law told by e-mail to whoever asked for it; nothing is kept but the address, the language and which schemes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
