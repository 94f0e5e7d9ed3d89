"""What follows from a mail."""
