"""The pages to keep, take back, hand over and delete what was told; how it is kept stands in `matcher.web.keep`."""

from flask import Flask

from matcher.web.saving import desk, handover, hub, links, said

BLUEPRINTS = (hub.pages, links.pages, handover.pages, desk.pages)

__all__ = ["BLUEPRINTS", "install"]


def install(app: Flask) -> None:
    """Answer in words where the store or a limit says no; say at the start if the desk's page stays off."""
    said.install(app)
    token = app.config.get("OPERATOR_TOKEN")
    if token and len(token) < desk.SHORTEST_TOKEN:
        app.logger.warning("OPERATOR_TOKEN is shorter than %d characters: %s stays off", desk.SHORTEST_TOKEN, desk.PATH)
