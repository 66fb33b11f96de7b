from .app import MissingSecretError as MissingSecretError
from .app import create_app as create_app
