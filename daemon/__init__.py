"""Sollecito: a daemon that follows up unpaid invoices by e-mail, and listens to the answers."""

__version__ = "0.1.0"
