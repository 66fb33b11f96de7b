"""The pages to keep, take back, hand over and delete what was told; how it is kept stands in `matcher.web.keep`."""

from flask import Flask

from matcher.web.saving import handover, hub, links, said

BLUEPRINTS = (hub.pages, links.pages, handover.pages)

__all__ = ["BLUEPRINTS", "install"]


def install(app: Flask) -> None:
    """Answer in words where the store or a limit says no."""
    said.install(app)
