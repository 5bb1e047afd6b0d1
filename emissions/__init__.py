"""What work was done and its mass: one module of pure functions per source category."""
