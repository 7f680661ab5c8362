"""What several pages show: the gallery, the map, the review desk, the region picker."""
