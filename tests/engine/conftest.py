"""Property tests here draw the same examples at every run: a failure in CI is a failure at the desk."""

from hypothesis import HealthCheck, settings

settings.register_profile("engine", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("engine")
