"""Firms to be told, for the matrix of rights."""

from matcher.outreach.models import ImpactStudy
from tests.accounts.objects import AT, Making, builds


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


@builds("desk_delivery", "kind")
@builds("desk_outreach", "kind")
def kind(_making: Making) -> object:
    """A list as CSV."""
    return "csv"


@builds("desk_outreach", "study_id")
def study(making: Making) -> object:
    """What other figures would change for the centre's firms, still to be worked out."""
    assert making.account.id is not None
    asked = ImpactStudy(
        centre=making.centre, account_id=making.account.id, state="waiting", as_of=AT.date(), rulebook_hash="0" * 64,
        schemes=["six-taxes-two-fees"], figures={"six_taxes.share": "0.6"}, created_at=AT,
    )  # fmt: skip
    making.register.add(asked)
    making.register.flush()
    return asked.id


@builds("desk_delivery", "channel")
def channel(_making: Making) -> object:
    """Those whom the centre calls."""
    return "phone"
