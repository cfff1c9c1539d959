"""Speed, measured: see README.md in this folder."""
