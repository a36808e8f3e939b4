"""Telephone companies behind one port: place, hang up, list; verify and read hooks, reply."""
