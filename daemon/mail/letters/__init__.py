"""Letters to clients: from a prose to the octets."""
