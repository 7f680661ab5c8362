"""What surrounds every page: the frame, folders, the link, settings, what sessions share."""
