"""Brush, colours, textures and the renderer: what every drawing is made with."""
