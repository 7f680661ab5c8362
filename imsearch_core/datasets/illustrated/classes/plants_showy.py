"""Cacti, rosettes, orchids, pot flowers and bonsai."""

from __future__ import annotations

import math

from ..forms.foliage import Plot, heart, spines, strap, tuft
from ..toolkit.brush import curve, ellipse, line, paint, pts, taper, track
from ..toolkit.colour import darken, jitter, lighten, mix

UP = math.pi / 2


def cactus(p: Plot, r: float, y: float) -> None:
    """Ribbed columns with arms, a spiny ball or prickly-pear pads."""
    rng, colour = p.b.rng, mix(p.green, "#5f8a6a", 0.5)
    kind = rng.randrange(3)
    if kind == 2:
        pads = [
            (0, 0, 0.0, 1.0),
            (-0.75, -1.5, -0.5, 0.72),
            (0.7, -1.6, 0.45, 0.8),
            (0.1, -1.9, 0.05, 0.6),
            (1.0, -2.8, 0.35, 0.55),
        ]
        for px, py, turn, k in pads[: rng.randint(3, 5)]:
            cx, cy, q = px * r * 0.8, y - r * 0.9 + py * r * 0.8, r * 0.9 * k
            ring = [
                (
                    cx + math.cos(t) * q * 0.68 + math.sin(turn) * -math.sin(t) * q,
                    cy + math.sin(t) * q * math.cos(turn),
                )
                for t in (i * 0.5236 for i in range(12))
            ]
            dots = [
                (
                    cx
                    + math.cos(i * 2.4) * q * 0.55 * (i / 14) ** 0.5
                    - math.sin(turn) * math.sin(i * 2.4) * q * 0.7,
                    cy + math.sin(i * 2.4) * q * 0.85 * (i / 14) ** 0.5,
                )
                for i in range(14)
            ]
            marks = line(spines(dots, q * 0.1), "#f2e8c0", q * 0.03) + paint(
                "".join(ellipse(*d, q * 0.035) for d in dots), "#7a5a30"
            )
            p.add(p.b.form(curve(ring), jitter(rng, colour, 0.02), q * 0.2, marks), *ring)
        p.bloom(-r * 0.91, y - r * 2.72, r * 0.3, rng.choice(("#d8a03a", "#d85a7a", "#d8503a")), 9)
        return
    shapes = [(0.0, rng.uniform(1.2, 1.5), 0.85)] if kind else [(0.0, rng.uniform(3.2, 4.6), 0.5)]
    if kind == 0:
        for s in rng.sample((-1, 1), rng.choice((1, 2))):
            h, top = y - r * rng.uniform(1.1, 1.8), r * rng.uniform(0.9, 1.5)
            arm = [(0, h), (s * r * 0.8, h + r * 0.05), (s * r * 1.1, h - r * 0.4), (s * r * 1.1, h - top)]
            d = line(curve(arm, False), darken(colour, 0.45), r * 0.52) + line(
                curve(arm, False), colour, r * 0.36
            )
            for shift in (-0.13, 0, 0.13):
                d += line(
                    curve(arm, False),
                    lighten(colour, 0.3) if shift * p.b.side > 0 else darken(colour, 0.35),
                    r * 0.04,
                    transform=f"translate({shift * r:.2f} 0)",
                )
            p.add(
                d
                + line(
                    spines(
                        [
                            (arm[3][0] + q, arm[3][1] + i * r * 0.2)
                            for i in range(6)
                            for q in (-r * 0.2, r * 0.2)
                        ],
                        r * 0.12,
                    ),
                    "#f2e8c0",
                    r * 0.03,
                ),
                (s * r * 1.5, h - top - r * 0.4),
            )
    for x, tall, wide in shapes:
        w, tall = wide * r, tall * r
        ring = [
            (-w * 0.85, y, 0.3),
            (-w, y - tall * 0.4),
            (-w * 0.9, y - tall * 0.8),
            (0, y - tall),
            (w * 0.9, y - tall * 0.8),
            (w, y - tall * 0.4),
            (w * 0.85, y, 0.3),
            (0, y + r * 0.12),
        ]
        ribs, dots = [], []
        for i in range(-4, 5):
            q = math.sin(i / 4.6 * UP) * w
            ribs.append(
                track(
                    "M",
                    q * 0.85,
                    y,
                    "C",
                    q * 1.02,
                    y - tall * 0.4,
                    q * 0.95,
                    y - tall * 0.8,
                    q * 0.2,
                    y - tall * 0.99,
                )
            )
            dots += [
                (q * (1 - 0.7 * max(0, t - 0.7)), y - tall * t) for t in (0.12, 0.26, 0.4, 0.54, 0.68, 0.82)
            ]
        marks = line("".join(ribs), darken(colour, 0.5), w * 0.11, opacity=0.6) + line(
            "".join(ribs),
            lighten(colour, 0.5),
            w * 0.05,
            opacity=0.7,
            transform=f"translate({p.b.side * w * 0.06:.2f} 0)",
        )
        d = curve(ring)
        p.add(
            p.b.form(d, colour, w * 0.25, marks)
            + line(spines(dots, w * 0.07 + r * 0.03), "#f4ecd0", r * 0.018),
            *ring,
        )
        if kind or rng.random() < 0.5:
            for q in (-0.3, 0.25, 0):
                p.bloom(
                    x + q * w, y - tall - r * 0.03, r * 0.26, rng.choice(("#d8507a", "#e07ab0", "#e8d060")), 9
                )


def succulent(p: Plot, r: float, y: float) -> None:
    """A rosette of fleshy leaves."""
    rng = p.b.rng
    colour = rng.choice(("#8fb09a", "#7fa08f", "#a8b884", "#9a8fa0"))
    for k, n in ((1.25, 11), (1.0, 10), (0.75, 8), (0.5, 6), (0.28, 4)):
        for i in sorted(range(n), key=lambda i: -math.sin(math.tau * i / n + k * 3)):
            a = math.tau * i / n + k * 3
            size, sq = r * k * 1.05, 0.45 + 0.4 * (1.3 - k)
            dx, dy = math.cos(a) * size, -math.sin(a) * size * sq - r * (1.5 - k) * 0.55
            cx, cy = 0.0, y - r * 0.3 - r * (1.3 - k) * 0.4
            mx, my, nx = cx + dx * 0.6, cy + dy * 0.6, r * 0.3 * (0.5 + k * 0.5)
            ring = [
                (cx, cy),
                (mx - math.sin(a) * nx, my - math.cos(a) * nx * sq),
                (cx + dx, cy + dy, 0.5),
                (mx + math.sin(a) * nx, my + math.cos(a) * nx * sq),
            ]
            tone = jitter(rng, lighten(colour, (1.3 - k) * 0.35), 0.02)
            fill = p.b.linear([(0, lighten(tone, 0.35)), (0.6, tone), (1, darken(tone, 0.35))])
            tip = ellipse(cx + dx * 0.95, cy + dy * 0.95, r * 0.05)
            p.add(
                paint(curve(ring), fill, stroke=darken(tone, 0.4), stroke_width=round(r * 0.022, 2))
                + paint(tip, "#c2607a", 0.8),
                *ring,
            )


def orchid(p: Plot, r: float, y: float) -> None:
    """Moth orchid: strap leaves and arching sprays."""
    rng = p.b.rng
    colour = rng.choice(("#d88fc0", "#f2ecf0", "#b0509a", "#e8d8a0", "#e0a0c8"))
    stems = rng.choice(((1,), (1, -1), (-1,), (0.6, -0.8)))
    for a in (0.35, 2.8, 0.9, 2.2, 0.15, 3.0):
        p.leaf(
            0,
            y,
            a,
            r * rng.uniform(1.7, 2.2),
            r * 0.62,
            darken(p.green, 0.1),
            rng.uniform(0.5, 0.9),
            strap,
            0,
            0.8,
            9,
            0.45,
        )
    for s in stems:
        tall = r * rng.uniform(4.4, 5.6)
        path = [
            (0, y),
            (s * r * 0.1, y - tall * 0.5),
            (s * r * 0.5, y - tall * 0.9),
            (s * r * 1.7, y - tall),
            (s * r * 3.3, y - tall * 0.84),
        ]
        p.stem(path, r * 0.09, "#6f8a48")
        for i, t in enumerate((0.05, 0.3, 0.52, 0.72, 0.9)):
            q = 0.12 + t * 0.88
            x, h = (
                s * r * (0.3 + 3.1 * q),
                y - tall * (0.9 + 0.1 * math.sin(q * 2.9)) + (r * 0.42 if i % 2 else -r * 0.12) + r * 0.2,
            )
            size = r * 0.5 * (1.1 - 0.35 * t)
            p.bloom(x, h, size * 1.02, darken(colour, 0.06), 3, colour)
            wings = [
                (x, h),
                (x - size, h - size * 0.55),
                (x - size * 1.15, h + size * 0.1),
                (x - size * 0.4, h + size * 0.3),
                (x, h),
                (x + size * 0.4, h + size * 0.3),
                (x + size * 1.15, h + size * 0.1),
                (x + size, h - size * 0.55),
            ]
            lip = [
                (x - size * 0.22, h),
                (x + size * 0.22, h),
                (x + size * 0.28, h + size * 0.4),
                (x, h + size * 0.62),
                (x - size * 0.28, h + size * 0.4),
            ]
            fill = p.b.linear([(0, lighten(colour, 0.4)), (1, darken(colour, 0.12))])
            p.add(
                paint(curve(wings), fill, stroke=darken(colour, 0.3), stroke_width=0.4)
                + paint(curve(lip), mix("#b03a7a", colour, 0.2), stroke="#6a2048", stroke_width=0.3)
                + paint(ellipse(x, h + size * 0.08, size * 0.13), "#e8c84a"),
                (x - size * 1.2, h - size),
                (x + size * 1.2, h + size),
            )


def flowers(p: Plot, r: float, y: float) -> None:
    """Geranium, daisies or begonias: a mound of leaves crowned with blossom."""
    rng = p.b.rng
    colour, kind = (
        rng.choice(("#c8323a", "#d8587a", "#e8e4dc", "#d8783a", "#8a5ab0", "#e0b83a", "#e08fb0")),
        rng.randrange(3),
    )
    for i in range(36):
        a, q = rng.uniform(-0.25, math.pi + 0.25), rng.uniform(0.3, 1.0)
        x, h = math.cos(a) * r * 1.5 * q, y - r * 0.2 - math.sin(a) * r * 1.5 * q
        tone = mix(darken(p.green, 0.38), lighten(p.green, 0.1), min(1.0, i / 36 + rng.uniform(0, 0.2)))
        p.leaf(x, h + r * 0.2, rng.uniform(0.2, 2.9), r * 0.62, r * 0.6, tone, 0.6, heart, 3, 0.9, 7, 0.15)
    heads = 9 if kind == 0 else 22
    for _ in range(heads):
        a, q = rng.uniform(0.2, math.pi - 0.2), rng.uniform(0.35, 1.0)
        x, h = math.cos(a) * r * 1.55 * q, y - r * 0.5 - math.sin(a) * r * 1.65 * q
        if kind == 0:
            p.stem([(x * 0.7, h + r * 0.9), (x, h)], r * 0.05, p.green)
            for j in range(11):
                t = j * 2.4
                p.bloom(
                    x + math.cos(t) * r * 0.3 * (j / 11) ** 0.5,
                    h + math.sin(t) * r * 0.24 * (j / 11) ** 0.5,
                    r * 0.17,
                    jitter(rng, colour, 0.05),
                    5,
                    lighten(colour, 0.4),
                )
        else:
            p.bloom(x, h, r * 0.27, jitter(rng, colour, 0.04), 12 if kind == 1 else 5)


def bonsai(p: Plot, r: float, y: float) -> None:
    """A gnarled trunk with cushions of foliage in a shallow tray."""
    rng, s = p.b.rng, p.b.rng.choice((-1, 1))
    spine = [(s * r * x, y - r * h) for x, h in pts("-0.1,0 -0.25,0.4 0.2,0.85 0.1,1.25 -0.2,1.6")]
    d = taper(spine, [r * 0.42, r * 0.28, r * 0.22, r * 0.15, r * 0.08])
    bark = jitter(rng, "#7a5a42", 0.02)
    cracks = "".join(
        track("M", x, h, "q", r * 0.05, -r * 0.12, 0, -r * 0.25)
        for x, h in ((q[0] + k * r * 0.06, q[1]) for q in spine for k in (-1, 0.3, 1))
    )
    p.add(p.b.form(d, bark, r * 0.08, line(cracks, darken(bark, 0.5), r * 0.03)), *spine)
    for x, h in pts("0.75,1.0 -0.8,1.25"):
        p.stem(
            [
                (s * r * 0.12, y - r * (h - 0.25)),
                (s * r * x * 0.6, y - r * (h - 0.12)),
                (s * r * x, y - r * h),
            ],
            r * 0.1,
            bark,
        )
    for x, h, q in pts("0.85,1.1,0.52 -0.85,1.35,0.58 0.45,1.6,0.42 -0.25,1.85,0.6"):
        tuft(p, s * r * x, y - r * h, r * q, r * q * 0.42, 130, r * 0.1, p.green)
