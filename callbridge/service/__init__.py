"""Use cases: open a transaction, ask the domain, save, call out."""
