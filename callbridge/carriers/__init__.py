"""Telephone companies: placing calls, reading their hooks, speaking TwiML; knows no use case."""
