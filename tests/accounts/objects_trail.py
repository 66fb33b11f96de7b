"""Firms to be told, for the matrix of rights."""

from tests.accounts.objects import Making, builds


@builds("desk_outreach", "centre")
def centre(making: Making) -> object:
    """The centre whose firms they are."""
    return making.centre


@builds("desk_outreach", "slug")
def slug(_making: Making) -> object:
    """A scheme of the catalogue."""
    return "six-taxes-two-fees"


@builds("desk_outreach", "side")
def side(_making: Making) -> object:
    """Who gains."""
    return "gained"


@builds("desk_outreach", "kind")
def kind(_making: Making) -> object:
    """A list as CSV."""
    return "csv"
