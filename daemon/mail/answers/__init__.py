"""What an answer says: its new words, and what they mean."""
