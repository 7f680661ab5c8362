"""The aircraft models: measures in metres."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Craft:
    """Measures in metres of one aircraft.

    ``engines`` under the wings are (share of the half span, size), with ``props`` or as jets; ``rear``
    engines sit beside the tail. ``high`` wings lie on the cabin, a ``tee`` tail on the fin; the ``hump``
    is a jumbo's upper deck.
    """

    length: float
    radius: float
    span: float
    chord: float
    sweep: float
    lift: float
    engines: tuple[tuple[float, float], ...] = ()
    rear: bool = False
    high: bool = False
    props: bool = False
    tee: bool = False
    hump: bool = False


AIRLINER = Craft(38, 2.0, 34, 6.6, 6.2, 3.5, ((0.34, 1.15),))
JUMBO = Craft(68, 3.3, 62, 13, 15, 5.6, ((0.36, 1.5), (0.66, 1.5)), hump=True)
REGIONAL = Craft(30, 1.5, 24, 5.0, 4.6, 2.7, rear=True, tee=True)
WIDE = Craft(58, 2.9, 56, 11, 12, 5.2, ((0.33, 1.75),))
TURBOPROP = Craft(26, 1.4, 27, 3.2, 0.6, 2.6, ((0.3, 0.75),), high=True, props=True, tee=True)
TOURER = Craft(8, 0.6, 10.8, 1.6, 0, 1.4)
BIPLANE = Craft(7, 0.5, 9.2, 1.3, 0, 1.5)
FIGHTER = Craft(15, 1.0, 10, 4, 3, 2.2)
