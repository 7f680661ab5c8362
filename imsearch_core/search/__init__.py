"""Search: what one searches with, how the pictures are ranked, what comes out."""
