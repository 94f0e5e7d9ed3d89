"""Mails to the owner: digests, alerts, sheets of calls."""
