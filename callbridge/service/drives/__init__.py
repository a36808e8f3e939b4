"""Drives: people who agreed to be called, rung one after another at a pace that fits."""
