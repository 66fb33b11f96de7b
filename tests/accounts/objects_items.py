"""The kind of item a page of the self-check asks for."""

from tests.accounts.objects import Making, builds


@builds("items", "kind")
def kind(_making: Making) -> object:
    """A kind a firm may have several of."""
    return "loan"
