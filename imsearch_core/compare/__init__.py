"""What an engine or an approach costs and finds, measured live on a collection."""
