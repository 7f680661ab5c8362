"""Whole phrases as search terms, for encoders that embed texts as well as pictures."""
