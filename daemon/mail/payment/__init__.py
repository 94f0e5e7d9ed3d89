"""Codes to pay by, and the references in them."""
