"""From drawings to pictures: the rasteriser, textures, painted trees, light and shadow."""
