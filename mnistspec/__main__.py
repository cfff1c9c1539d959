"""`python -m mnistspec` is the command line."""

from mnistspec.cli import program

program()
