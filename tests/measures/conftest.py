"""Compiling a kernel takes as long as it takes: no deadline for a property."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
