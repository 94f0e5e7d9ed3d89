"""What ties an answer to its letter, and an order to the mail that it answers."""
