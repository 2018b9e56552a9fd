"""What runs in the target's own Python: standard library and pytest, nothing of bugbash."""
