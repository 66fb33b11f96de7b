"""A program that a centre admitted."""

from matcher.api.service import add_client
from tests.accounts.objects import AT, Making, builds


@builds("desk_clients", "client_id")
def client(making: Making) -> object:
    """One of the centre's."""
    return add_client(making.register, "河东区政务网", making.centre, ["check"], 100, AT).id
