"""Distances on the globe; knows nothing of ZIPs or offices."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_MILES = 3958.8


def miles(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance in miles between two (latitude, longitude) in degrees."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half_lat = sin((lat_b - lat_a) / 2) ** 2
    half_lon = sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_MILES * asin(sqrt(half_lat + cos(lat_a) * cos(lat_b) * half_lon))
