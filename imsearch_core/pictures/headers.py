"""Sizes read from the first bytes of formats whose decoders make room for all pixels on opening a file."""

_JXL_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_JXL_SIZE_BITS = (9, 13, 18, 30)


def webp_size(head: bytes) -> tuple[int, int]:
    """Width and height that a WebP declares (RFC 9649); meaningless if its head is damaged."""
    if head[12:16] == b"VP8X":
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    if head[12:16] == b"VP8L":
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF


def jxl_size(head: bytes) -> tuple[int, int] | None:
    """Width and height that a JPEG XL declares (ISO/IEC 18181-1, SizeHeader); None if not in its head."""
    start = head.find(b"\xff\x0a", 0 if head.startswith(b"\xff\x0a") else max(0, head.find(b"jxl", 16)))
    if start < 0:
        return None
    bits = _Bits(head[start + 2 : start + 14])
    small = bits.take(1)

    def side() -> int:
        return 8 * (bits.take(5) + 1) if small else bits.take(_JXL_SIZE_BITS[bits.take(2)]) + 1

    height = side()
    ratio = bits.take(3)
    if ratio == 0:
        return side(), height
    across, down = _JXL_RATIOS[ratio - 1]
    return height * across // down, height


class _Bits:
    """Numbers of some bits each, the lowest first."""

    def __init__(self, content: bytes) -> None:
        self._left = _little(content)

    def take(self, count: int) -> int:
        number = self._left & (1 << count) - 1
        self._left >>= count
        return number


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
