"""Real fixes of a git history that can be replayed as bugs."""
