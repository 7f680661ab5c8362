"""Image search by embeddings: open a folder of pictures, find the ones that look alike.

>>> from imsearch_core import Collection
>>> photos = Collection.open("my-photos")
>>> [result.file for result in photos.search("bottle/0007.jpg", k=9)]
>>> [result.file for result in photos.search("bottle/0007.jpg", focus="Siamese cat")]
"""

from imsearch_core.collection import Collection
from imsearch_core.encoders import load_encoder, presets
from imsearch_core.errors import BadImage, ImsearchError, UsageError

__version__ = "0.3.0"

__all__ = ["BadImage", "Collection", "ImsearchError", "UsageError", "load_encoder", "presets"]
