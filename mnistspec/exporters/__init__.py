"""What a plan can be turned into: one form a file."""
