"""Opening a picture: for the network and for the eye."""
