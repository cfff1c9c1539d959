"""A run: its folder, what is written there and when, and the proof that what was saved is what was trained."""
