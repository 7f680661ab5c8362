"""Opening a picture: for the encoder and for the page."""
