"""Drives rehearsed: the whole system in a process of its own, simulated people, nobody rung."""
