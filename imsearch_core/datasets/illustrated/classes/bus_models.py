"""The bus models: sizes in metres, windows, doors and liveries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Coachwork:
    """One model in metres. ``decks`` are (sill, top) of each row of windows.

    ``liveries`` are (body, band or roof, skirt) colours; ``doors`` the (x0, x1) of the near side;
    ``nose`` the length of a bonnet; ``rake`` the slope of the windscreen; ``joint`` the bellows.
    """

    length: float
    height: float
    decks: tuple[tuple[float, float], ...]
    wheels: tuple[float, ...]
    doors: tuple[tuple[float, float], ...]
    liveries: tuple[tuple[str, str, str], ...]
    pane: float = 1.45
    corner: float = 0.3
    roof: float = 0.3
    rake: float = 0.06
    nose: float = 0.0
    width: float = 2.5
    radius: float = 0.48
    joint: tuple[float, float] = (0.0, 0.0)


MODELS = {
    "double": Coachwork(
        9.6,
        4.35,
        ((1.35, 2.2), (2.85, 3.75)),
        (2.2, 7.2),
        ((0.35, 1.35), (4.2, 5.4)),
        (
            ("#b81c22", "#b81c22", "#8c1218"),
            ("#b81c22", "#f0e6cc", "#8c1218"),
            ("#1f6a45", "#ece2c4", "#174a32"),
            ("#c22a28", "#c22a28", "#2a2a2e"),
        ),
    ),
    "city": Coachwork(
        11.4,
        3.05,
        ((1.2, 2.45),),
        (2.5, 8.4),
        ((0.4, 1.5), (5.2, 6.5)),
        (
            ("#e9e6dc", "#2f6db0", "#2f6db0"),
            ("#3f8f4f", "#f0eee4", "#2c6a3a"),
            ("#e8b02a", "#f2efe4", "#c98f1c"),
            ("#2c62a4", "#eeece4", "#1f4a80"),
            ("#efece4", "#c8322c", "#a8262a"),
            ("#d86a24", "#f0ece0", "#a84e18"),
        ),
    ),
    "school": Coachwork(
        9.6,
        3.1,
        ((1.55, 2.4),),
        (1.05, 7.2),
        ((1.75, 2.55),),
        (("#f0ae1a", "#f0ae1a", "#dc9a12"), ("#f2b524", "#f4f0e2", "#dc9a12")),
        0.82,
        0.2,
        0.5,
        0.03,
        1.6,
        2.4,
    ),
    "coach": Coachwork(
        12.0,
        3.6,
        ((1.75, 2.95),),
        (2.7, 8.7),
        ((0.45, 1.3),),
        (
            ("#eceae4", "#2a4a86", "#c8ccd0"),
            ("#7f1f2c", "#d8c48a", "#5a1420"),
            ("#e6e8ea", "#d8482c", "#b8bcc0"),
            ("#2b3f5c", "#9fb4c4", "#1c2a40"),
            ("#f0efe8", "#2f8a6a", "#d8d8d0"),
        ),
        1.7,
        0.36,
        0.32,
        0.16,
    ),
    "mini": Coachwork(
        6.4,
        2.75,
        ((1.3, 2.2),),
        (1.15, 4.7),
        ((1.9, 2.9),),
        (
            ("#f0efe9", "#c8322c", "#d8d8d2"),
            ("#3a78b4", "#eef0ee", "#2c5c8c"),
            ("#d8dadc", "#8a8f94", "#b0b4b8"),
        ),
        1.1,
        0.3,
        0.28,
        0.34,
        0.0,
        2.1,
        0.38,
    ),
    "vintage": Coachwork(
        8.4,
        3.0,
        ((1.45, 2.25),),
        (1.8, 6.1),
        ((0.6, 1.4),),
        (
            ("#2f6b4a", "#efe5c8", "#1f4a34"),
            ("#a82a2a", "#f0e6cc", "#741a1e"),
            ("#2a5a8a", "#eee6d0", "#1c3f62"),
            ("#d8a03a", "#f2ead4", "#a8741f"),
        ),
        0.95,
        0.55,
        0.62,
        0.1,
        0.0,
        2.35,
        0.46,
    ),
    "bendy": Coachwork(
        16.4,
        3.05,
        ((1.2, 2.45),),
        (2.5, 7.6, 13.4),
        ((0.4, 1.5), (4.6, 5.9), (11.2, 12.5)),
        (
            ("#c8282a", "#c8282a", "#2a2a2e"),
            ("#eceae2", "#3f9a5a", "#3f9a5a"),
            ("#f0c02c", "#f0ece0", "#3a3a3e"),
        ),
        joint=(9.0, 10.1),
    ),
}
