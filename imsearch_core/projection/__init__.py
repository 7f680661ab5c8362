"""A collection in two dimensions: PCA at once, a map of neighbours (t-SNE) made by another process."""

from imsearch_core.projection.base import Projection
from imsearch_core.projection.pca import pca
from imsearch_core.projection.tsne import NeighbourMap

__all__ = ["NeighbourMap", "Projection", "pca"]
