"""The size, date and camera of a folder's pictures: read while they are embedded, or when first asked for."""

from imsearch_core.pictures.properties import UNKNOWN, record_of
from imsearch_core.store.file_records import FileRecords

PROPERTIES_KEPT = FileRecords("properties", 2, UNKNOWN, record_of)
