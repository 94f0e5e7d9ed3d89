"""A mail as bytes, both ways: headers, parts, text."""
