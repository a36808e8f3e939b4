"""Webhooks and mail: what leaves by itself."""
