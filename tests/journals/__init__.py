"""Journals that releases wrote, which must replay for ever, and entries to write some with."""
