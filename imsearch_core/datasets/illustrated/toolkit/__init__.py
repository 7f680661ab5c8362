"""Brush and colours: what every drawing is made with."""
