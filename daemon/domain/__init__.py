"""Pure rules: facts and a date in, facts out.  No clock, no randomness, no I/O."""
