"""Reaches webhooks' receivers and the mail server, each within a bound; knows no use case."""
