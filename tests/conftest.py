"""What holds for every test."""

from hypothesis import settings

# Tests never depend on the clock: a slow machine is no failure.
settings.register_profile("bdhvs", deadline=None)
settings.load_profile("bdhvs")
