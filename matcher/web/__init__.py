"""The web application: the self-check page and the letter as a download."""

from matcher.web.app import MissingSecretError, create_app

__all__ = ["MissingSecretError", "create_app"]
