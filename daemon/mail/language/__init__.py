"""How people write: sentences, phrases, days and sums, in eight languages."""
