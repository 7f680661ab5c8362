"""Trunks of people in their clothes: collars, lapels, buttons, prints and folds."""

from __future__ import annotations

from ..toolkit.brush import Brush, curve, ellipse, hair, line, paint
from ..toolkit.colour import darken, lighten
from .person_body import Person


def _front_marks(b: Brush, p: Person, cx: float, top: float, hem: float) -> str:
    """Collar, buttons, lapels, prints and folds on a torso seen from the front."""
    o, c = p.outfit, p.outfit.colour
    dark, light = darken(c, 0.5), lighten(c, 0.5)
    rng, out = b.rng, ""
    span = hem - top
    folds = [
        hair(
            s * (14 - rng.random() * 3), top + span * t, -s * rng.uniform(6, 11), rng.uniform(2, 7), 1.5, 0.8
        )
        for t in (0.28, 0.55, 0.68, 0.8)
        for s in (-1, 1)
    ]
    folds += [
        hair(cx + rng.uniform(-8, 8), hem, rng.uniform(-3, 3), -rng.uniform(7, 14), 1.4, 0.5)
        for _ in range(5)
    ]
    out += paint("".join(folds), dark, 0.4)
    out += b.spot(b.side * 6, top + span * 0.28, 9, 11, light, 0.35) + b.spot(
        -b.side * 10, top + span * 0.6, 8, 20, dark, 0.35
    )
    v = f"M{cx - 5.4:.1f} {top - 4:.1f}L{cx:.1f} {top + 24:.1f}L{cx + 5.4:.1f} {top - 4:.1f}Z"
    if o.top in ("suit", "jacket", "coat"):
        inner = paint(v, o.under) + line(
            f"M{cx:.1f} {top + 2:.1f}V{top + 24:.1f}", darken(o.under, 0.4), 0.4, opacity=0.7
        )
        if o.top == "suit" and not p.look.woman:
            tie = o.legs if o.legs != c else "#8a2a34"
            inner += paint(f"M{cx - 1.6:.1f} {top + 2:.1f}h3.2l-0.6 3l1.6 17l-2.6 5l-2.6 -5l1.6 -17Z", tie)
        laps = "".join(
            f"M{cx + s * 5:.1f} {top - 4:.1f}L{cx + s * 9.5:.1f} {top + 9:.1f}"
            f"L{cx + s * 6.5:.1f} {top + 11:.1f}L{cx:.1f} {top + 25:.1f}"
            for s in (-1, 1)
        )
        inner += line(laps, dark, 0.7, opacity=0.8)
        inner += line(
            f"M{cx:.1f} {top + 25:.1f}V{hem + 2:.1f}M{cx - 13:.1f} "
            f"{hem - span * 0.25:.1f}h8M{cx + 5:.1f} {hem - span * 0.25:.1f}h8",
            dark,
            0.6,
            opacity=0.7,
        )
        inner += paint("".join(ellipse(cx + 1.6, top + t, 0.8) for t in (28, 38)), dark)
        return out + inner
    if o.top == "shirt":
        buttons = "".join(ellipse(cx, top + t, 0.55) for t in range(6, int(span), 9))
        out += line(f"M{cx - 1.8:.1f} {top:.1f}V{hem}M{cx + 1.8:.1f} {top:.1f}V{hem}", dark, 0.4, opacity=0.5)
        out += paint(buttons, light)
        for s in (-1, 1):
            flap = (
                f"M{cx + s * 5.6:.1f} {top - 5:.1f}L{cx + s * 0.5:.1f} {top + 2:.1f}"
                f"L{cx + s * 6:.1f} {top + 6:.1f}L{cx + s * 8.4:.1f} {top - 2:.1f}Z"
            )
            out += paint(flap, lighten(c, 0.2)) + line(flap, dark, 0.4, opacity=0.6)
        if rng.random() < 0.5:
            grid = "".join(f"M-26 {top + i * 6:.0f}h52" for i in range(12)) + "".join(
                f"M{-24 + i * 6} {top - 8}V{hem}" for i in range(9)
            )
            out += line(grid, darken(o.under, 0.4), 1.5, opacity=0.3)
        return out
    if o.top in ("sweater", "tee") and rng.random() < 0.45:
        bands = "".join(f"M-28 {top + 12 + i * 8:.0f}h56" for i in range(int(span / 8)))
        out = line(bands, o.under, 3.2 if o.top == "sweater" else 2.2, opacity=0.85) + out
    if o.top == "hoodie":
        out += line(f"M{cx - 3:.1f} {top + 1:.1f}v13M{cx + 3:.1f} {top + 1:.1f}v12", light, 0.8)
        pocket = f"M{cx - 9:.1f} {hem - 19:.1f}h18l4 15h-26Z"
        out += line(pocket, dark, 0.7, opacity=0.6)
    if o.top == "jersey":
        out += paint(
            f"M-30 {top - 8}L-13 {top - 8}L-10 {hem}L-30 {hem}ZM30 {top - 8}L13 {top - 8}L10 {hem}L30 {hem}Z",
            o.under,
            0.9,
        )
    if o.top in ("dress", "blouse") and rng.random() < 0.6:
        dots = "".join(ellipse(rng.uniform(-24, 24), rng.uniform(top, hem), 1.1) for _ in range(46))
        out += paint(dots, o.under, 0.8)
    return out


def torso_front(b: Brush, p: Person, chin: float, hem: float, turn: float) -> str:
    """Trunk from the shoulders (just below ``chin``) to ``hem``, seen from the front or turned."""
    o, woman = p.outfit, p.look.woman
    k, t = p.wide * (1 - 0.1 * abs(turn)), chin + 4.4
    sh, chest, waist, hip = (17.5, 15.4, 12.2, 16) if woman else (20.5, 17.6, 15, 16.4)
    if p.look.age == "child":
        sh, chest, waist, hip = 16.5, 14.4, 13.6, 14.8
    if o.top in ("coat", "hoodie", "jacket", "sweater"):
        chest, waist, hip = chest + 1.5, waist + 2.8, hip + 2
    low = min(hem, t + 58)
    right = [
        (5.6, t - 2, 0.4),
        (11, t + 1.2),
        (sh - 1.5, t + 4.5),
        (sh, t + 10),
        (chest, t + 20),
        (waist, t + 39),
        (hip, low, 1 if hem > low else 0.3),
    ]
    if hem > low + 4:
        right.append((hip * (1.5 if o.top == "dress" else 1.12), hem, 0.3))
    scoop = 9 if o.top in ("dress", "blouse") else 3.4
    ring = [(-x * k, *r) for x, *r in right[::-1]] + [(0, t + scoop)] + [(x * k, *r) for x, *r in right]
    marks = _front_marks(b, p, turn * 3.5, t + scoop * 0.6, hem)
    return b.form(curve([*ring, (0, hem + 1.6)]), o.colour, 2.8, marks, rim=0.4)
