"""Callbridge puts a citizen on the phone with their member of Congress and learns what was said."""

__version__ = "0.1.0"
