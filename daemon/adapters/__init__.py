"""The world, and dumb: each adapter turns one outside thing into `daemon.ports` words and decides nothing."""
