"""What is on the screen: small pictures painted in a w x h rectangle whose upper left corner is (0, 0)."""

from __future__ import annotations

from ..toolkit.brush import Brush, box, curve, ellipse, line, paint, polygon, taper, track
from ..toolkit.colour import darken, lighten, mix


def landscape(b: Brush, w: float, h: float) -> str:
    """Mountains, a lake and a low sun."""
    rng = b.rng
    top, low = rng.choice(
        (("#3f7fc4", "#dbe8ee"), ("#e08a5a", "#f7dca8"), ("#5a6fa8", "#f0b8a0"), ("#2f6aa8", "#9fd0e8"))
    )
    parts = [paint(box(0, 0, w, h), b.linear([(0, top), (0.6, low), (1, low)]))]
    x = w * rng.uniform(0.2, 0.8)
    parts.append(b.spot(x, h * 0.36, w * 0.2, w * 0.2, "#fff6d8", 0.95))
    for base, rise, tone in (
        (0.62, 0.36, mix(top, "#5a6a80", 0.6)),
        (0.7, 0.2, "#3f5f5a"),
        (0.78, 0.1, "#35502f"),
    ):
        ring = [(-2.0, h * base, 0)]
        ring += [(w * i / 8, h * (base - rise * rng.uniform(0.15, 1)), 0.3) for i in range(9)]
        parts.append(
            paint(
                curve([*ring, (w + 2, h * base, 0), (w + 2, h, 0), (-2, h, 0)]),
                b.linear([(0, lighten(tone, 0.2)), (1, darken(tone, 0.2))]),
            )
        )
    lake = b.linear([(0, lighten(low, 0.1)), (1, mix(top, "#20406a", 0.4))])
    parts.append(paint(box(0, h * 0.76, w, h * 0.24), lake))
    glints = "".join(
        track("M", x + rng.gauss(0, w * 0.06), h * rng.uniform(0.78, 0.96), "h", w * rng.uniform(0.02, 0.07))
        for _ in range(16)
    )
    return "".join(parts) + line(glints, "#fff6d8", h * 0.012, opacity=0.8)


def football(b: Brush, w: float, h: float) -> str:
    """A match from the stand."""
    rng, grass = b.rng, "#4f9a3f"
    parts = [paint(box(0, 0, w, h), grass), paint(box(0, 0, w, h * 0.2), "#4a5468")]
    crowd = (
        "".join(ellipse(rng.uniform(0, w), rng.uniform(0, h * 0.17), h * 0.011) for _ in range(60))
        for _ in range(3)
    )
    parts += [paint(d, c) for d, c in zip(crowd, ("#d8c8b0", "#b84a44", "#5a7ab0"), strict=True)]
    parts.append(paint(box(0, h * 0.17, w, h * 0.05), rng.choice(("#e8e4da", "#2f5fa8", "#c83a34"))))
    for i in range(0, 12, 2):
        x = w * (i / 10 - 0.1)
        parts.append(
            paint(
                polygon(
                    [(x, h * 0.22), (x + w * 0.1, h * 0.22), (x * 1.2 + w * 0.02, h), (x * 1.2 - w * 0.1, h)]
                ),
                "#66b04e",
                0.8,
            )
        )
    marks = (
        ellipse(w / 2, h * 0.58, w * 0.14, h * 0.12)
        + track("M", w / 2, h * 0.22, "V", h)
        + track("M", 0, h * 0.25, "H", w)
    )
    marks += track("M", 0, h * 0.4, "h", w * 0.16, "l", w * 0.05, h * 0.4, "H", 0)
    parts.append(line(marks, "#f4f4ea", h * 0.012, opacity=0.9))
    for i in range(13):
        x, y = w * rng.uniform(0.06, 0.94), h * rng.uniform(0.32, 0.92)
        s, kit = h * (0.07 + 0.08 * y / h), ("#c8282c", "#f4f4f0", "#c8282c", "#f4f4f0")[i % 4]
        legs = track(
            "M", x, y - s * 0.4, "l", -s * 0.22, s * 0.45, "M", x, y - s * 0.4, "l", s * 0.26, s * 0.4
        )
        parts.append(
            paint(ellipse(x + s * 0.3, y + s * 0.05, s * 0.5, s * 0.1), "#1f4a20", 0.5)
            + line(legs, "#2a2a30", s * 0.16)
        )
        parts.append(
            paint(taper([(x, y - s * 1.05), (x, y - s * 0.35)], [s * 0.5, s * 0.36]), kit)
            + paint(ellipse(x, y - s * 1.2, s * 0.17), "#c89a78")
        )
    parts.append(paint(ellipse(w * rng.uniform(0.3, 0.7), h * rng.uniform(0.5, 0.8), h * 0.016), "#ffffff"))
    bug = paint(box(w * 0.05, h * 0.06, w * 0.26, h * 0.09, 1), "#f0f0ec") + paint(
        box(w * 0.14, h * 0.06, w * 0.08, h * 0.09), "#23305a"
    )
    return "".join(parts) + bug


def news(b: Brush, w: float, h: float) -> str:
    """A presenter before a studio wall with a caption bar."""
    rng = b.rng
    wall = rng.choice(("#2a5a9a", "#7a2f3a", "#2f6a6a", "#3f4a7a"))
    parts = [
        paint(box(0, 0, w, h), b.linear([(0, lighten(wall, 0.3)), (1, darken(wall, 0.3))], (0, 0), (1, 1)))
    ]
    lines = "".join(ellipse(w * 0.25, h * 0.4, h * r, h * r * 0.8) for r in (0.15, 0.25, 0.35))
    parts.append(
        line(lines + track("M", 0, h * 0.4, "H", w * 0.6), lighten(wall, 0.5), h * 0.012, opacity=0.5)
    )
    x, y, s = w * rng.uniform(0.5, 0.66), h * 0.38, h * 0.17
    skin = rng.choice(("#d8a882", "#a8744e", "#e2b894", "#7a5238"))
    hair, suit = (
        rng.choice(("#3a2a20", "#1f1a18", "#a8804a", "#6b4a30")),
        rng.choice(("#2a2f3f", "#7a2f3f", "#3a3a3f", "#2f4a6a")),
    )
    body = curve(
        [
            (x - s * 2.3, h, 0),
            (x - s * 1.9, y + s * 2.1),
            (x - s * 0.6, y + s * 1.35),
            (x + s * 0.6, y + s * 1.35),
            (x + s * 1.9, y + s * 2.1),
            (x + s * 2.3, h, 0),
        ]
    )
    long = rng.random() < 0.5
    if long:
        parts.append(
            paint(
                curve(
                    [
                        (x - s * 1.15, y + s * 1.3),
                        (x - s * 1.2, y - s * 0.4),
                        (x, y - s * 1.5),
                        (x + s * 1.2, y - s * 0.4),
                        (x + s * 1.15, y + s * 1.3),
                        (x, y + s),
                    ]
                ),
                hair,
            )
        )
    parts.append(paint(body, b.lit(suit)))
    parts.append(
        paint(polygon([(x - s * 0.5, y + s * 1.3), (x + s * 0.5, y + s * 1.3), (x, y + s * 2.8)]), "#f0eee8")
    )
    parts.append(paint(taper([(x, y + s * 0.6), (x, y + s * 1.6)], [s * 0.8, s * 0.7]), darken(skin, 0.2)))
    if not long:
        parts.append(
            paint(
                polygon(
                    [
                        (x - s * 0.14, y + s * 1.6),
                        (x + s * 0.14, y + s * 1.6),
                        (x + s * 0.2, y + s * 2.7),
                        (x, y + s * 3),
                    ]
                ),
                "#a8322c",
            )
        )
    face = curve(
        [
            (x - s * 0.82, y - s * 0.3),
            (x, y - s * 1.15),
            (x + s * 0.82, y - s * 0.3),
            (x + s * 0.6, y + s * 0.65),
            (x, y + s * 1.1),
            (x - s * 0.6, y + s * 0.65),
        ]
    )
    parts.append(paint(face, b.lit(skin, 0.7)))
    parts.append(
        paint(
            curve(
                [
                    (x - s * 0.9, y, 0),
                    (x - s * 0.85, y - s * 0.8),
                    (x, y - s * 1.4),
                    (x + s * 0.85, y - s * 0.8),
                    (x + s * 0.9, y, 0),
                    (x + s * 0.6, y - s * 0.6),
                    (x - s * 0.2, y - s * 0.75),
                ]
            ),
            hair,
        )
    )
    eyes = ellipse(x - s * 0.33, y - s * 0.08, s * 0.1, s * 0.07) + ellipse(
        x + s * 0.33, y - s * 0.08, s * 0.1, s * 0.07
    )
    brow = track(
        "M",
        x - s * 0.5,
        y - s * 0.3,
        "h",
        s * 0.3,
        "m",
        s * 0.4,
        0,
        "h",
        s * 0.3,
        "M",
        x - s * 0.04,
        y + s * 0.32,
        "h",
        s * 0.16,
    )
    parts.append(paint(eyes, "#2a2020") + line(brow, darken(hair, 0.2), s * 0.08, opacity=0.8))
    parts.append(
        line(track("M", x - s * 0.28, y + s * 0.6, "q", s * 0.28, s * 0.16, s * 0.56, 0), "#8a3f3a", s * 0.1)
    )
    parts.append(
        paint(box(0, h * 0.8, w, h * 0.12), "#f2f0ea") + paint(box(0, h * 0.8, w * 0.18, h * 0.12), "#c8282c")
    )
    parts.append(paint(box(0, h * 0.92, w, h * 0.08), "#1f2a4a"))
    text = track("M", w * 0.22, h * 0.86, "H", w * 0.78)
    parts.append(
        line(
            text,
            "#2a2f3f",
            h * 0.045,
            stroke_dasharray=f"{w * 0.06:.1f} {w * 0.022:.1f} {w * 0.03:.1f} {w * 0.02:.1f}",
        ).replace("round", "butt")
    )
    return "".join(parts)


def bars(b: Brush, w: float, h: float) -> str:
    """Colour bars."""
    inks = ("#c8c8c8", "#c8c03a", "#3ac0c0", "#3ab84a", "#b83ab0", "#c03434", "#3444b8")
    parts = [paint(box(i * w / 7, 0, w / 7 + 0.3, h * 0.72), ink) for i, ink in enumerate(inks)]
    parts += [
        paint(box(i * w / 7, h * 0.71, w / 7 + 0.3, h * 0.09), ink) for i, ink in enumerate(reversed(inks))
    ]
    tail = ("#1f3a6a", "#f0f0f0", "#4a2a7a", "#181818", "#181818")
    parts += [paint(box(i * w / 5, h * 0.79, w / 5 + 0.3, h * 0.22), ink) for i, ink in enumerate(tail)]
    return "".join(parts)


def sunset(b: Brush, w: float, h: float) -> str:
    """Savanna at dusk: a flat-topped tree and an elephant against the sun."""
    rng = b.rng
    parts = [
        paint(
            box(0, 0, w, h), b.linear([(0, "#8a3f4a"), (0.45, "#e0763a"), (0.75, "#f7c45a"), (1, "#f7c45a")])
        )
    ]
    x, dark = w * rng.uniform(0.35, 0.65), "#2a1a18"
    parts.append(
        paint(ellipse(x, h * 0.62, h * 0.24), "#fff0b8") + paint(box(0, h * 0.76, w, h * 0.24), dark)
    )
    t = w * rng.choice((0.16, 0.84))
    parts.append(
        paint(
            taper([(t, h * 0.8), (t + 2, h * 0.55), (t - 3, h * 0.35)], [h * 0.05, h * 0.03, h * 0.02]), dark
        )
    )
    parts.append(
        paint(
            ellipse(t, h * 0.34, w * 0.17, h * 0.07) + ellipse(t + w * 0.05, h * 0.27, w * 0.11, h * 0.05),
            dark,
        )
    )
    s, e = h * 0.2, x - h * 0.1
    body = ellipse(e, h * 0.6, s * 0.85, s * 0.6) + ellipse(e + s * 0.9, h * 0.54, s * 0.42, s * 0.42)
    limbs = "".join(box(e + s * q, h * 0.62, s * 0.24, h * 0.17) for q in (-0.75, -0.42, 0.25, 0.55))
    parts.append(
        paint(body + limbs, dark)
        + line(track("M", e + s * 1.2, h * 0.54, "q", s * 0.35, s * 0.4, s * 0.15, s * 1.0), dark, s * 0.18)
    )
    return "".join(parts)


def _desktop(b: Brush, w: float, h: float, dark: bool) -> str:
    rng = b.rng
    tone = rng.choice(("#2f6aa8", "#3f8a7a", "#5a4a8a", "#c8784a"))
    parts = [
        paint(box(0, 0, w, h), b.linear([(0, lighten(tone, 0.35)), (1, darken(tone, 0.35))], (0, 0), (1, 1)))
    ]
    hill = curve(
        [(0, h * 0.8, 0), (w * 0.3, h * 0.6), (w * 0.65, h * 0.78), (w, h * 0.62, 0), (w, h, 0), (0, h, 0)]
    )
    parts.append(paint(hill, lighten(tone, 0.2), 0.5))
    inks = ("#e0a03a", "#5ab0e0", "#c85a5a", "#6fb05a", "#f0f0f0")
    parts += [
        paint(box(w * 0.03, h * (0.06 + i * 0.16), w * 0.045, h * 0.09, 1), ink)
        for i, ink in enumerate(inks[:4])
    ]
    page, ink = ("#20242c", "#c8d0d8") if dark else ("#f6f5f1", "#4a5058")
    for x, y, ww, hh in ((0.42, 0.2, 0.5, 0.56), (0.14, 0.1, 0.5, 0.62))[rng.randrange(2) :]:
        X, Y, W, H = x * w, y * h, ww * w, hh * h  # noqa: N806
        parts.append(paint(box(X + 1, Y + 1.2, W, H, 1), "#10141c", 0.35) + paint(box(X, Y, W, H, 1), page))
        parts.append(paint(box(X, Y, W, H * 0.1, 1), rng.choice(("#d8dce0", "#3f4a5a", "#4a7ab0"))))
        rows = "".join(
            track(
                "M",
                X + W * (0.06 + 0.05 * (i % 3) * dark),
                Y + H * (0.2 + i * 0.085),
                "h",
                W * rng.uniform(0.25, 0.55),
            )
            for i in range(9)
        )
        parts.append(line(rows, ink, H * 0.028, opacity=0.7))
        if dark:
            parts.append(
                line(rows, rng.choice(inks), H * 0.028, stroke_dasharray=f"{W * 0.08:.1f} {W * 0.14:.1f}")
            )
        else:
            parts.append(paint(box(X + W * 0.66, Y + H * 0.2, W * 0.28, H * 0.34), b.lit(rng.choice(inks))))
            cols = "".join(
                box(X + W * (0.67 + i * 0.055), Y + H * 0.9 - H * q, W * 0.035, H * q)
                for i, q in enumerate((0.12, 0.2, 0.16, 0.26, 0.23))
            )
            parts.append(paint(cols, "#4a7ab0"))
    parts.append(paint(box(0, h * 0.93, w, h * 0.07), "#20262f", 0.85))
    parts += [
        paint(box(w * (0.03 + i * 0.05), h * 0.945, w * 0.03, h * 0.04, 0.6), ink)
        for i, ink in enumerate(inks)
    ]
    return "".join(parts)


def desktop(b: Brush, w: float, h: float) -> str:
    """Windows on a desktop."""
    return _desktop(b, w, h, False)


def editor(b: Brush, w: float, h: float) -> str:
    """A dark text editor."""
    return _desktop(b, w, h, True)


SHOWS = (landscape, landscape, football, football, news, news, sunset, bars)
WORK = (desktop, desktop, editor)
