"""The screens themselves: flat panels, old television sets and beige computer monitors."""

from __future__ import annotations

from collections.abc import Callable

from ..forms.joinery import TIMBER, Shop
from ..forms.outline import disc
from ..toolkit.brush import Brush, box, ellipse, group, line, paint, track
from ..toolkit.colour import darken, jitter, lighten
from .tv_glass import arc, glass, off
from .tv_screens import SHOWS, WORK, bars, landscape, news

BODIES = ("#7a5233", "#8f6540", "#c8503a", "#e6dfd0", "#3a3a40", "#4f7a7a", "#d8a03a", "#a8a8a6")


def face(
    shop: Shop, x0: float, x1: float, y0: float, y1: float, z: float, svg: str, layer: float, near: float
) -> None:
    """Lay a flat drawing (centimetres from its upper left corner) on an upright plane at ``z``."""
    p, q, s = shop.at((x0, y1, z)), shop.at((x1, y1, z)), shop.at((x0, y0, z))
    w, h = x1 - x0, y1 - y0
    values = [(q[0] - p[0]) / w, (q[1] - p[1]) / w, (s[0] - p[0]) / h, (s[1] - p[1]) / h, p[0], p[1]]
    shop.add(layer, p[2] - near, group(svg, f"matrix({' '.join(f'{v:.4f}' for v in values)})"))


def flat(shop: Shop, y: float, w: float, show: str, thin: float, pedestal: bool) -> float:
    """A flat panel standing at height ``y``; returns the height of its top."""
    b, rng = shop.b, shop.b.rng
    h, case = w * 0.565, rng.choice(("#1c1d21", "#1c1d21", "#26272c", "#b5b8bc"))
    lift = y + (9 if pedestal else 6)
    shop.slab(
        [(x, z + 2) for x, z in disc(w * (0.2 if pedestal else 0.24), 8, 3)],
        y,
        y + 1.2,
        case,
        1,
        lines=0,
        shine=0.3,
    )
    shop.box((-4, 4), (y + 1, lift + h * 0.3), (3, 6), case, 1.1)
    shop.box((-w / 2, w / 2), (lift, lift + h), (-1.5, 2.5), case, 1.5)
    bez, chin = thin, thin * rng.choice((1, 1.6, 2.4))
    sw, sh = w - 2 * bez, h - bez - chin
    picture = b.clip(
        box(0, 0, sw, sh, 0.6),
        [show_of(show, b)(b, sw, sh), glass(b, sw, sh, 0.2 if show == "off" else 0.12)],
    )
    led = paint(ellipse(sw / 2, sh + chin * 0.5, 0.7), rng.choice(("#d84a3a", "#5ab0e0", "#e8e8e8")))
    frame = paint(box(-bez, -bez, w, h, 1.6), b.lit(case, 0.7)) + line(
        box(-bez + 0.4, -bez + 0.4, w - 0.8, h - 0.8, 1.4), lighten(case, 0.4), 0.5, opacity=0.7
    )
    face(shop, -w / 2 + bez, w / 2 - bez, lift + chin, lift + h - bez, -1.6, frame + picture + led, 1.6, 1)
    return lift + h


def show_of(show: str, b: Brush) -> Callable[[Brush, float, float], str]:
    """A painter for what is on: "off", "work" or anything on air."""
    return off if show == "off" else b.rng.choice(WORK if show == "work" else SHOWS)


def tube(shop: Shop, y: float, w: float, computer: bool) -> None:
    """A set with a picture tube: a box that narrows behind, dials and an aerial, or a beige monitor."""
    b, rng = shop.b, shop.b.rng
    body = jitter(rng, "#d8d0b8" if computer else rng.choice(BODIES), 0.025)
    h, d = w * (0.86 if computer else rng.uniform(0.66, 0.76)), w * 0.62
    y0, z = y + (7 if computer else 4), -d * 0.4
    if computer:
        shop.slab(
            [(x, v + 4) for x, v in disc(w * 0.36, w * 0.3, 3)], y, y + 4, darken(body, 0.05), 1, lines=0
        )
        shop.slab(
            [(x, v + 4) for x, v in disc(w * 0.26, w * 0.22)], y + 4, y + 7, darken(body, 0.2), 1.1, lines=0
        )
    else:
        for sx in (-1, 1):
            for zz in (z + 5, z + d * 0.5):
                shop.tube([(sx * w * 0.4, y + 5, zz), (sx * w * 0.43, y, zz)], [3.4, 2.4], "#3a2a20", 1)
    mid = z + d * 0.45

    def ring(k: float, zz: float, drop: float) -> list:
        ww, hh = w / 2 * k, h * k
        return [
            (-ww, y0 + drop, zz),
            (ww, y0 + drop, zz),
            (ww, y0 + hh + drop, zz),
            (-ww, y0 + hh + drop, zz),
        ]

    shop.block(ring(0.98, mid, 0.4), ring(0.66, z + d, h * 0.12), darken(body, 0.08), 1.2, nearer=-20)
    wooden = body in TIMBER or rng.random() < 0.2
    shop.block(ring(1, z, 0), ring(1, mid, 0), body, 1.3, lines=10 if wooden and not computer else 0)
    side = 0.0 if computer else w * 0.2
    m = w * 0.06
    sw, sh = w - 2 * m - side, h - 2 * m - (h * 0.1 if computer else 0)
    show = rng.choice(("work", "work", "work", "off")) if computer else rng.choice(("", "", "", "off"))
    glassy = arc(sw, sh, -6 if computer else 0.2)
    painter = show_of(show, b) if show else rng.choice((landscape, news, bars, *SHOWS))
    picture = b.clip(
        glassy,
        [
            painter(b, sw, sh),
            glass(b, sw, sh, 0.22),
            b.spot(sw * (0.25 if b.side < 0 else 0.75), sh * 0.2, sw * 0.3, sh * 0.25, "#ffffff", 0.35),
        ],
    )
    plate = darken(body, 0.35) if not computer else darken(body, 0.06)
    front = [paint(box(-m, -m, w, h, w * 0.05), b.lit(body, 0.8), stroke=darken(body, 0.5), stroke_width=0.7)]
    front.append(
        paint(
            arc(sw + m, sh + m, -6 if computer else 0.2),
            plate,
            transform=f"translate({-m / 2:.2f} {-m / 2:.2f})",
        )
        + paint(glassy, "#0c0d10", stroke="#0c0d10", stroke_width=m * 0.4)
    )
    front.append(picture)
    if computer:
        front.append(
            paint(ellipse(sw * 0.92, sh + m * 0.9, 0.8), "#5ac05a")
            + paint(box(sw * 0.7, sh + m * 0.55, sw * 0.12, m * 0.6, 0.4), darken(body, 0.2))
        )
    else:
        x, r = sw + m + side * 0.42, side * 0.26
        front.append(paint(box(sw + m * 0.8, 0, side - m * 0.2, sh, 1.5), darken(body, 0.5)))
        for cy in (sh * 0.16, sh * 0.4):
            knob = b.radial(
                [(0, "#f4ead0"), (0.7, "#b8a888"), (1, "#5a4a38")], (0.5 + 0.2 * b.side, 0.3), 0.7
            )
            front.append(
                paint(ellipse(x, cy, r), knob, stroke="#2a2018", stroke_width=0.5)
                + line(track("M", x, cy, "L", x + r * 0.6, cy - r * 0.6), "#2a2018", 0.9)
            )
        slots = "".join(
            track("M", x - side * 0.3, sh * (0.58 + i * 0.055), "h", side * 0.6) for i in range(7)
        )
        front.append(line(slots, lighten(body, 0.3), sh * 0.018))
        if rng.random() < 0.8:
            top, zz = y0 + h, mid - 4
            shop.slab([(x, v + zz) for x, v in disc(5, 4)], top, top + 2.5, "#2a2a2e", 2, lines=0)
            for s in (-1, 1):
                tip = (s * w * rng.uniform(0.28, 0.55), top + w * rng.uniform(0.4, 0.62), zz + 4)
                shop.tube(
                    [
                        (s, top + 2, zz),
                        tuple((a + c) / 2 for a, c in zip((s, top + 2, zz), tip, strict=True)),
                        tip,
                    ],
                    [0.9, 0.8, 0.7],
                    "#b8bcc2",
                    2.1,
                )
                shop.tube(
                    [(tip[0] - 0.1, tip[1], tip[2]), (tip[0] + 0.1, tip[1] + 1.2, tip[2])],
                    [1.6, 1.6],
                    "#d8dade",
                    2.2,
                )
    face(shop, -w / 2 + m, w / 2 - side - m, y0 + h - m - sh, y0 + h - m, z - 0.2, "".join(front), 1.6, 1)
