"""What stands in the addresses of mail on changes of the law: links that nobody was sent, since these pages are everybody's."""

from .objects import Making, builds


@builds("alerts", "sealed")
def sealed(making: Making) -> object:
    """A link to confirm an address that the site did not make."""
    return "not-ours"


@builds("alerts", "token")
def token(making: Making) -> object:
    """A link to stop mail that no mail carried."""
    return "0" * 32
