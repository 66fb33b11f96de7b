"""The interviewer: asks a firm the fewest questions that settle most, and says after each what is settled."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
