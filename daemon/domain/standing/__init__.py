"""Where one client stands today: what is open, promised, planned, owed in interest."""
