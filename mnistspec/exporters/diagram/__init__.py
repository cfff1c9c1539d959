"""Drawings of a model: as Mermaid, DOT and SVG, from one description of what is drawn."""

from __future__ import annotations
