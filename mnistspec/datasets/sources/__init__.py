"""One source of data a file: its facts, which cost no import, and its loader."""
