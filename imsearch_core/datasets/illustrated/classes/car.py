"""Cars: nine body styles from any side, painted over the solids of `car_body`."""

from __future__ import annotations

import math

from ..registry import ROADS, Kind
from ..toolkit.brush import (
    Brush,
    Point,
    Sprite,
    bounds,
    box,
    curve,
    ellipse,
    group,
    line,
    paint,
    polygon,
    pts,
    rounded,
    track,
)
from ..toolkit.colour import darken, jitter, lighten
from .car_body import CarCamera, Shell, strips
from .car_models import SHELLS

METRE = 100.0  # units: centimetres
PAINTS = (
    "#b3262b",
    "#1f4f8f",
    "#e8e6e0",
    "#2a2c30",
    "#8f979d",
    "#c9cccf",
    "#2f5a4a",
    "#d8a92a",
    "#7a1f2a",
    "#5f8fb5",
    "#c9622a",
    "#6f7f5a",
    "#e4d8bc",
    "#3f6f7f",
    "#8a8f94",
    "#1f2f4f",
)


def _wheel(b: Brush, r: float, style: int) -> str:
    """A wheel in metres about its hub: tyre, rim, spokes, hub and the light on them."""
    rim = "#b9bec4" if style else "#d8d8d2"
    parts = [
        paint(
            ellipse(0, 0, r),
            b.radial([(0, "#2a2a2c"), (0.8, "#232326"), (0.93, "#3a3a3e"), (1, "#141416")]),
        ),
        paint(ellipse(0, 0, r * 0.7), b.linear([(0, "#33363a"), (1, "#0f1012")])),
        paint(
            ellipse(0, 0, r * 0.67),
            stroke=b.linear([(0, "#f2f4f6"), (0.5, rim), (1, "#5d6268")]),
            stroke_width=r * 0.08,
        ),
    ]
    if style == 0:
        parts.append(
            paint(ellipse(0, 0, r * 0.6), b.linear([(0, "#f4f4f0"), (0.5, "#b9bcbf"), (1, "#6d7176")]))
        )
        parts.append(paint(ellipse(0, 0, r * 0.4), "none", stroke="#6d7176", stroke_width=r * 0.03))
    else:
        count = (5, 6, 7, 10)[style - 1]
        wide, turn = (0.17, 0.14, 0.12, 0.07)[style - 1], b.rng.uniform(0, 1)
        for i in range(count):
            a = turn + math.tau * i / count
            c, s = math.cos(a), math.sin(a)
            spoke = [(0.16, -wide), (0.66, -wide * 0.6), (0.66, wide * 0.6), (0.16, wide)]
            ring = [((u * c - v * s) * r, (u * s + v * c) * r) for u, v in spoke]
            parts.append(
                paint(
                    polygon(ring),
                    lighten(rim, 0.4 * max(0.0, -s)) if s < 0 else darken(rim, 0.4 * s),
                )
            )
    parts.append(paint(ellipse(0, 0, r * 0.17), b.linear([(0, "#eef0f2"), (1, "#7d8288")])))
    return "".join(parts)


def _wheels(b: Brush, shell: Shell, cam: CarCamera, near: bool) -> str:
    r, style, parts = shell.radius, b.rng.randrange(5), []
    for x in shell.wheels:
        z = -shell.width / 2 * 0.97 if near else shell.width / 2 * 0.97
        inner = z + (0.2 if near else -0.2)
        tread = [
            cam(x + r * math.cos(a) * 0.98, r + r * math.sin(a) * 0.98, inner)
            for a in (i * 0.42 for i in range(15))
        ]
        face = [cam(x + r * math.cos(a), r + r * math.sin(a), z) for a in (i * 0.42 for i in range(15))]
        hull = sorted(tread + face)
        left, right = hull[0][0], hull[-1][0]
        low = max(p[1] for p in tread + face)
        if near:
            parts.append(paint(curve(tread), "#131315"))
            mid = [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in zip(tread, face, strict=True)]
            parts.append(paint(curve(mid), "#1c1c1f"))
            parts.append(group(_wheel(b, r, style), cam.wheel(x, r, z)))
        else:
            parts.append(paint(box(left, low - r * 130, right - left, r * 130, r * 25), "#121214"))
    return "".join(parts)


def _tyres(shell: Shell, cam: CarCamera) -> str:
    """The two tyres below an end-on car."""
    x, parts = shell.wheels[0 if cam.yaw > 0 else 1], []
    for s in (-1, 1):
        ring = [cam(x, y, s * z) for y, z in pts("0.5,0.6 0.5,0.85 0,0.85 0,0.62")]
        d = rounded(ring, 5)
        parts.append(paint(d, "#19191c") + paint(d, stroke="#3a3a3e", stroke_width=1))
    return "".join(parts)


def end_on(cam: CarCamera) -> bool:
    """Whether only the nose or tail is seen."""
    return abs(math.cos(cam.yaw)) < 0.12


def _shine(b: Brush, colour: str, nx: float, ny: float, yaw: float) -> str:
    """Colour of a painted slice whose profile normal is (nx, ny)."""
    across, toward = nx * math.cos(yaw), -nx * math.sin(yaw)
    light = 0.62 * ny + 0.42 * across * b.side + 0.4 * toward
    return (
        lighten(colour, min(0.62, (light - 0.42) * 0.85))
        if light > 0.42
        else darken(colour, min(0.6, (0.42 - light) * 0.75))
    )


def _pane(b: Brush, shell: Shell, cam: CarCamera, rear: bool) -> str:
    """Windscreen or rear window: dark cabin, headrests, sky reflection, wipers."""
    x0, x1 = shell.glass[2:] if rear else shell.glass[:2]
    ring = cam.pane(shell, x0, x1, 0.06)
    if len(ring) < 4 or (math.sin(cam.yaw) > 0.1) == rear or abs(math.sin(cam.yaw)) < 0.1:
        return ""
    d = rounded([ring[0], ring[-1], ring[len(ring) // 2], ring[len(ring) // 2 - 1]], 4, 1.2)
    left, top, right, low = bounds(ring)
    w, h = right - left, low - top
    parts = []
    for u in (0.27, 0.73):
        x, y = left + w * u, top + h * 0.55
        parts.append(paint(box(x - w * 0.075, y, w * 0.15, h * 0.3, 5), "#0b1014", opacity=0.7))
        parts.append(paint(box(x - w * 0.13, y + h * 0.24, w * 0.26, h * 0.4, 7), "#0b1014", opacity=0.7))
    lean = -b.side * w * 0.16
    for u, wide, glow in ((0.5 + b.side * 0.2, 0.2, 0.26), (0.5 + b.side * 0.02, 0.06, 0.18)):
        x = left + w * u
        parts.append(
            paint(
                polygon(
                    [
                        (x + lean, top - 2),
                        (x + w * wide + lean, top - 2),
                        (x + w * wide - lean, top + h + 2),
                        (x - lean, top + h + 2),
                    ]
                ),
                "#ffffff",
                opacity=glow,
            )
        )
    parts.append(paint(box(left, top + h * 0.84, w, h * 0.2), "#0d1114", opacity=0.5))
    glass = b.linear([(0, "#9dbccb"), (0.4, "#4d6874"), (1, "#1d282d")])
    out = paint(d, glass) + b.clip(d, parts) + paint(d, stroke="#17191c", stroke_width=1.8)
    if not rear:
        low = [max(ring, key=lambda p, s=s: p[1] * 3 + s * p[0]) for s in (-1, 1)]
        (ax, ay), (bx, by) = low[0], low[1]
        for u, v in ((0.16, 0.46), (0.52, 0.84)):
            sx, sy, ex, ey = (
                ax + (bx - ax) * u,
                ay + (by - ay) * u,
                ax + (bx - ax) * v,
                ay + (by - ay) * v,
            )
            out += line(f"M{sx:.1f} {sy - 1:.1f}L{ex:.1f} {ey - h * 0.16:.1f}", "#121416", 1.2)
    return out


def _bonnet(shell: Shell, cam: CarCamera, colour: str) -> str:
    """Shut lines and a sheen on the bonnet when the nose is turned to us."""
    if math.sin(cam.yaw) < 0.2:
        return ""
    run = [p for p in shell.smooth() if shell.lamp + 0.1 < p[1] and p[0] < shell.glass[0]]
    parts = []
    for s, wide in pts("-1,0.8 1,0.8 -1,0.3 1,0.3"):
        points = [cam(x, y + 0.004, s * wide * shell.half(x, y)) for x, y, *_ in run]
        if len(points) > 1:
            soft = 0.55 if wide > 0.5 else 0.2
            parts.append(line(curve(points, False), darken(colour, 0.6), 1.2, opacity=soft))
            parts.append(
                line(
                    curve(points, False),
                    lighten(colour, 0.7),
                    1.2,
                    opacity=soft * 0.7,
                    transform="translate(1.4 .6)",
                )
            )
    return "".join(parts)


def _body(b: Brush, shell: Shell, cam: CarCamera, colour: str) -> str:
    """Top slices, then the near side with its shading."""
    parts = []
    for _, d, nx, ny in strips(shell, cam):
        tone = _shine(b, colour, nx, ny, cam.yaw)
        parts.append(paint(d, tone, stroke=tone, stroke_width=0.9))
    if end_on(cam):
        return "".join(parts)
    ring = cam.side(shell, [p[:2] for p in shell.smooth()])
    side = polygon(ring)
    top, low = cam.near(shell, shell.length / 2, shell.belt), cam.near(shell, shell.length / 2, 0.2)
    tone = 0.1 if math.sin(cam.yaw) * b.side > 0.3 else -0.04
    base = lighten(colour, tone) if tone > 0 else darken(colour, -tone)
    stops = [
        (0, lighten(base, 0.4)),
        (0.12, lighten(base, 0.12)),
        (0.34, base),
        (0.42, darken(base, 0.12)),
        (0.5, lighten(base, 0.1)),
        (0.78, darken(base, 0.28)),
        (1, darken(base, 0.55)),
    ]
    parts.append(paint(side, b.linear(stops, (0, top[1] - 6), (0, low[1] + 3), local=True)))
    marks = []
    x0, x1 = 0.15, shell.length - 0.12
    crease = cam.side(
        shell,
        [(x0 + (x1 - x0) * i / 6, shell.belt - 0.17 - 0.03 * math.sin(i / 6 * math.pi)) for i in range(7)],
    )
    marks.append(line(curve(crease, False), lighten(base, 0.7), 2.0, opacity=0.5))
    marks.append(
        line(curve(crease, False), darken(base, 0.6), 1.4, opacity=0.4, transform="translate(0 1.8)")
    )
    low_line = cam.side(
        shell,
        [(x0, shell.sill + 0.12), (shell.length / 2, shell.sill + 0.16), (x1, shell.sill + 0.12)],
    )
    marks.append(line(curve(low_line, False), lighten(base, 0.5), 1.2, opacity=0.35))
    sill = cam.side(
        shell,
        [
            (-0.1, shell.sill + 0.06),
            (shell.length + 0.1, shell.sill + 0.06),
            (shell.length + 0.1, 0.1),
            (-0.1, 0.1),
        ],
    )
    marks.append(paint(polygon(sill), "#16161a", opacity=0.75))
    for s in (0.0, shell.length):
        x, y = cam.near(shell, s, 0.6)
        marks.append(b.spot(x, y, 34, 55, "#101018" if (s == 0) != (b.side < 0) else "#ffffff", 0.35))
    parts.append(b.clip(side, marks))
    return "".join(parts)


def _side_glass(b: Brush, shell: Shell, cam: CarCamera, colour: str) -> str:
    parts = []
    frame = darken(colour, 0.5)
    for window in shell.windows:
        ring = cam.side(shell, window)
        d = curve(ring, tension=0.35)
        x0, y0, x1, y1 = bounds(ring)
        w, h = x1 - x0, y1 - y0
        lean = -b.side * w * 0.3
        streak = [
            (x0 + w * 0.3 + lean, y0),
            (x0 + w * 0.55 + lean, y0),
            (x0 + w * 0.55, y1),
            (x0 + w * 0.2, y1),
        ]
        inside = [
            paint(ellipse(x0 + w * 0.62, y1 + h * 0.05, w * 0.17, h * 0.62), "#0c1216", opacity=0.6),
            paint(polygon(streak), "#ffffff", opacity=0.22),
            line(
                track("M", x0, y1 - h * 0.18, "Q", (x0 + x1) / 2, y1 - h * 0.3, x1, y1 - h * 0.16),
                "#a8b8a8",
                1.6,
                opacity=0.3,
            ),
        ]
        parts.append(
            paint(d, b.linear([(0, "#9fbccc"), (0.4, "#46606c"), (1, "#202c32")])) + b.clip(d, inside)
        )
        parts.append(paint(d, stroke=frame, stroke_width=1.6))
    return "".join(parts)


def _side_details(shell: Shell, cam: CarCamera, colour: str) -> str:
    parts, dark = [], darken(colour, 0.7)
    for i, x in enumerate(shell.doors):
        foot = shell.sill + 0.1
        ends = cam.side(
            shell,
            [
                (x, shell.belt - 0.02),
                (x + (0.03 if i else -0.02), (shell.belt + foot) / 2),
                (x + 0.02, foot),
            ],
        )
        parts.append(line(curve(ends, False), dark, 1.1, opacity=0.75))
        parts.append(
            line(
                curve(ends, False),
                lighten(colour, 0.6),
                0.7,
                opacity=0.4,
                transform="translate(1.2 0)",
            )
        )
        if i:
            grip = cam.side(
                shell,
                [
                    (x - 0.26, shell.belt - 0.1),
                    (x - 0.08, shell.belt - 0.1),
                    (x - 0.08, shell.belt - 0.14),
                    (x - 0.26, shell.belt - 0.14),
                ],
                0.02,
            )
            parts.append(
                paint(rounded(grip, 1.5), lighten(colour, 0.45))
                + line(
                    f"M{grip[3][0]:.1f} {grip[3][1] + 1:.1f}L{grip[2][0]:.1f} {grip[2][1] + 1:.1f}",
                    dark,
                    1.0,
                    opacity=0.6,
                )
            )
    r = shell.radius
    for x in shell.wheels:
        arch = [
            (x + r * 1.22 * math.cos(a), r + r * 1.22 * math.sin(a))
            for a in (i * math.pi / 8 - 0.3 for i in range(11))
        ]
        ring = cam.side(shell, arch)
        parts.append(paint(curve([*ring, ring[0]], False), "#0d0d10"))
        parts.append(line(curve(ring[1:-1], False), lighten(colour, 0.5), 1.8, opacity=0.6))
    return "".join(parts)


def _mirrors(b: Brush, shell: Shell, cam: CarCamera, colour: str) -> str:
    x, parts = shell.glass[0] + 0.34, []
    for z in (-1, 1) if abs(cam.yaw) > 0.6 else (-1,):
        half = shell.half(x, shell.belt + 0.05)
        cx, cy = cam(x, shell.belt + 0.1, z * (half + 0.1))
        parts.append(
            b.form(
                rounded([(cx - 9, cy - 6), (cx + 8, cy - 6), (cx + 9, cy + 6), (cx - 7, cy + 6)], 5),
                colour,
                3,
            )
        )
    return "".join(parts)


def _lamp(b: Brush, ring: list[Point], glow: str) -> str:
    d = curve(ring, tension=0.7)
    x, y = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    shine = [
        paint(ellipse(x, y, 6, 6), lighten(glow, 0.75), opacity=0.9),
        paint(ellipse(x, y, 3), "#ffffff"),
    ]
    return (
        paint(d, b.linear([(0, lighten(glow, 0.5)), (0.6, glow), (1, darken(glow, 0.4))]))
        + b.clip(d, shine)
        + paint(d, stroke="#1c1c20", stroke_width=1.3)
    )


def _end(b: Brush, shell: Shell, cam: CarCamera, colour: str, rear: bool) -> str:
    """Nose or tail: lamps, grille, bumper, plate, badge."""
    rng, y, parts = b.rng, shell.lamp, []
    classic = shell in (SHELLS["beetle"], SHELLS["mini"])
    low = shell.sill
    bumper = cam.end(
        shell,
        [
            (-0.98, low + 0.24),
            (0, low + 0.25),
            (0.98, low + 0.24),
            (0.96, low),
            (0, low - 0.02),
            (-0.96, low),
        ],
        rear,
    )
    trim = "#d4d6d8" if classic else darken(colour, 0.35)
    parts.append(
        paint(
            curve(bumper, tension=0.4),
            b.linear([(0, lighten(trim, 0.3)), (0.5, trim), (1, darken(trim, 0.5))]),
            opacity=1 if classic else 0.75,
        )
    )
    if not rear:
        deep = rng.uniform(0.09, 0.16)
        wide = rng.uniform(0.42, 0.6)
        if shell is not SHELLS["beetle"]:
            grille = cam.end(
                shell,
                [
                    (-wide, y + deep * 0.5, 0.4),
                    (wide, y + deep * 0.5, 0.4),
                    (wide * 0.85, y - deep, 0.4),
                    (-wide * 0.85, y - deep, 0.4),
                ],
                rear,
            )
            parts.append(
                paint(curve(grille, tension=0.5), "#17181b")
                + paint(curve(grille, tension=0.5), stroke="#c9ccd0", stroke_width=1.5)
            )
            for i in range(1, 4):
                bar = cam.end(
                    shell, [(t * wide * 0.9, y + deep * (0.5 - 0.37 * i)) for t in (-1, 0, 1)], rear
                )
                parts.append(line(curve(bar, False), "#8f9499", 1.1, opacity=0.8))
        intake = cam.end(
            shell,
            [
                (-0.6, low + 0.12, 0.4),
                (0.6, low + 0.12, 0.4),
                (0.52, low + 0.01, 0.4),
                (-0.52, low + 0.01, 0.4),
            ],
            rear,
        )
        parts.append(paint(curve(intake, tension=0.5), "#121316", opacity=0.85))
    glow = "#a8232a" if rear else "#cfdde2"
    reach = rng.uniform(0.24, 0.36)
    for s in (-1, 1):
        if s > 0 and abs(math.sin(cam.yaw)) < 0.25:
            continue
        if classic and not rear:
            cx, cy = cam.end(shell, [(s * 0.74, y)], rear)[0]
            rx = 11.5 * max(0.55, abs(math.sin(cam.yaw)))
            parts.append(
                paint(ellipse(cx, cy, rx + 2, 13.5), "#d4d6d8")
                + _lamp(b, [(cx - rx, cy), (cx, cy - 11.5), (cx + rx, cy), (cx, cy + 11.5)], glow)
            )
            continue
        up, down = (0.11, 0.13) if rear else (0.08, 0.08)
        ring = cam.end(
            shell,
            [
                (s * 0.99, y + up, 0.4),
                (s * (1 - reach), y + up * 0.7, 0.4),
                (s * (0.96 - reach), y - down * 0.7, 0.4),
                (s * 0.99, y - down, 0.4),
            ],
            rear,
        )
        parts.append(_lamp(b, ring if s < 0 else ring[::-1], glow))
    if abs(math.sin(cam.yaw)) > 0.3:
        py = y - 0.1 if rear else low + 0.14
        plate = cam.end(
            shell,
            [(-0.29, py + 0.055), (0.29, py + 0.055), (0.29, py - 0.055), (-0.29, py - 0.055)],
            rear,
        )
        parts.append(
            paint(
                polygon(plate),
                "#e8c84a" if rear and rng.random() < 0.4 else "#f2f0e8",
                stroke="#222226",
                stroke_width=0.8,
            )
        )
        (ax, ay), (bx, by) = (
            ((plate[0][0] + plate[3][0]) / 2, (plate[0][1] + plate[3][1]) / 2),
            ((plate[1][0] + plate[2][0]) / 2, (plate[1][1] + plate[2][1]) / 2),
        )
        dx, dy = (bx - ax) * 0.1, (by - ay) * 0.1
        text = track("M", ax + dx, ay + dy, "L", bx - dx, by - dy)
        parts.append(
            paint(
                text,
                stroke="#26262c",
                stroke_width=f"{(plate[3][1] - plate[0][1]) * 0.5:.1f}",
                stroke_dasharray="3 1.7 4 1.7 3 1.7 3 4",
            )
        )
        cx, cy = cam.end(shell, [(0, y + 0.12)], rear)[0]
        parts.append(
            paint(
                ellipse(cx, cy, 4 * abs(math.sin(cam.yaw)), 4),
                "#dfe2e4",
                stroke="#55585c",
                stroke_width=0.8,
            )
        )
    return "".join(parts)


def draw(b: Brush, view: str) -> Sprite:
    """One car; ``view`` is "side", "front_quarter", "rear_quarter", "front" or "rear"."""
    rng = b.rng
    name = rng.choice(list(SHELLS))
    shell, colour = SHELLS[name], jitter(rng, rng.choice(PAINTS), 0.02)
    low, high = {
        "side": (-0.06, 0.06),
        "front_quarter": (0.5, 1.0),
        "rear_quarter": (-0.95, -0.5),
        "front": (1.5, 1.57),
        "rear": (-1.57, -1.5),
    }[view]
    cam = CarCamera(shell.length, rng.uniform(low, high), away=rng.uniform(8, 12))
    x0, x1, w = shell.wheels[0] - 0.4, shell.wheels[1] + 0.4, shell.width / 2
    floor = [cam(x, y, z) for x, y, z in ((x0, 0.3, -w), (x1, 0.3, -w), (x1, 0.22, w), (x0, 0.22, w))]
    under = "" if end_on(cam) else paint(polygon(floor), "#08080b")
    facing, tail = cam.yaw > 0.2, cam.yaw < -0.2
    mirrors = _mirrors(b, shell, cam, colour)
    parts = [
        under,
        _wheels(b, shell, cam, False),
        mirrors if tail else "",
        _body(b, shell, cam, colour),
    ]
    if end_on(cam):
        parts.insert(1, _tyres(shell, cam))
    else:
        parts += [_side_glass(b, shell, cam, colour), _side_details(shell, cam, colour)]
        parts.append(_wheels(b, shell, cam, True))
    parts += [_pane(b, shell, cam, tail), _bonnet(shell, cam, colour)]
    ends = [False] if facing else [True] if tail else [False, True]
    parts += [_end(b, shell, cam, colour, rear) for rear in ends] + ["" if tail else mirrors]
    contacts = []
    for x in shell.wheels:
        for z in (-w, w):
            px, py = cam(x, 0, z)
            contacts.append((px, py, 26, 5))
    corners = [cam(x, 0, z) for x in (0.2, shell.length - 0.2) for z in (-w, w)]
    cx, cy = cam(shell.length / 2, 0, 0)
    x0, y0, x1, y1 = bounds(corners)
    span, depth = (x1 - x0) / 2, max(7.0, (y1 - y0) / 2)
    contacts.append((cx, cy, span * 0.96, depth * 0.8))
    points = [cam(x, y, s * shell.half(x, y)) for x, y, *_ in shell.smooth() for s in (-1, 1)] + corners
    x0, y0, x1, y1 = bounds(points)
    return Sprite("".join(parts), (x0 - 14, y0 - 4, x1 + 14, y1 + 4), METRE, contacts, relief=0.25)


KIND = Kind(
    draw,
    (
        "side",
        "side",
        "front_quarter",
        "front_quarter",
        "front_quarter",
        "rear_quarter",
        "front",
        "rear",
    ),
    (
        *ROADS,
        ("farmyard", "yard"),
        ("beach", "sand"),
        ("snow", "snow"),
    ),
    companions=("person", "bicycle", "motorbike", "bus", "dog", "cat"),
    fill=(0.6, 0.92),
    several=0.25,
    portrait=0.02,
)
