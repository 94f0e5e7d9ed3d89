"""What the owner tells us, and what follows."""
