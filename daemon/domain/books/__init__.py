"""What the books and the config say, as values."""
