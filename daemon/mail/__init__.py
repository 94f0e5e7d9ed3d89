"""Pure: bytes and text <-> words of the domain.

Strangers write what is read here: nothing in it raises on their account.
"""
