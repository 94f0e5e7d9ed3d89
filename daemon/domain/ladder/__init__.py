"""What is to go out, when, and why the rest is not."""
