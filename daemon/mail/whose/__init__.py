"""Whom a mail is about, and whether it is from who it says."""
