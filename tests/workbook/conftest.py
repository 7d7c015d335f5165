"""Laws are checked on the same examples every time, so that a run can be repeated."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# the profile of the other properties: the one loaded last is everybody's
settings.register_profile(
    "repeatable",
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("repeatable")
