"""Rings at a time that a person asked for: agreed on, moved, stopped, planned and begun."""
