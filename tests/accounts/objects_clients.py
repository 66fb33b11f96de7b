"""A program that a centre admitted, and an address that it tells what happens."""

from matcher.api.service import add_client
from matcher.webhooks.service import add_webhook
from tests.accounts.objects import AT, Making, builds


@builds("desk_clients", "client_id")
def client(making: Making) -> object:
    """One of the centre's."""
    return add_client(making.register, "河东区政务网", making.centre, ["check"], 100, AT).id


@builds("api", "case_id")
@builds("api", "screening_id")
def number(making: Making) -> object:
    """Any: without a key there is nothing to be found under it."""
    return 1


@builds("api", "code")
@builds("api", "credit_code")
def text(making: Making) -> object:
    """Any, the same."""
    return "AAAAAAAAAAAA"


@builds("desk_webhooks", "webhook_id")
def webhook(making: Making) -> object:
    """One of the centre's."""
    told = making.centre, "https://portal.example/hook", ["letter.issued"], "x", making.account.id or 0, AT
    return add_webhook(making.register, *told).id
