"""People: adults and children in many clothes, standing, walking, sitting, and portraits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..registry import Kind
from ..toolkit.brush import Brush, Sprite, ellipse, group, paint, taper
from ..toolkit.colour import darken
from .person_body import Person, arm, leg, neck_and_head
from .person_cast import DENIM, somebody
from .person_clothes import torso_front


def _frame(p: Person) -> tuple[float, float]:
    """(head scale, chin height): children have larger heads."""
    if p.look.age == "child":
        scale = 1.28 if p.height > 1.25 else 1.4
        return scale, -168 + 23 * scale
    return 0.98, -146.5


def _hem(p: Person) -> float:
    return {"dress": -54.0, "coat": -62.0, "suit": -80.0, "jacket": -84.0}.get(p.outfit.top, -85.0)


def _stand(b: Brush, turn: float, gait: str) -> Sprite:
    rng = b.rng
    p = somebody(rng)
    scale, chin = _frame(p)
    shy, wide = chin + 13.9, p.shoulder
    look_turn = max(-1.0, min(1.0, turn + rng.uniform(-0.45, 0.45)))
    back, throat, face = neck_and_head(b, p, turn * 2, chin, look_turn, rng.uniform(-5, 5), scale)
    hips, feet = (8.2 * p.wide, rng.uniform(9, 13))
    way = 0.35 + 0.5 * abs(turn)
    s = 1 if turn >= 0 else -1
    if gait == "walk":
        stride = rng.uniform(16, 23)
        legs = leg(b, p, (s * 4, -88), (-s * stride, -14), -s, s * 0.85, s * 26, far=True)
        legs += leg(b, p, (-s * 5, -88), (s * stride, -8), -s, s * 0.9, -s * 12)
    elif turn:
        legs = leg(b, p, (s * hips, -88), (s * (feet + 1), -11), 0, s * way, far=True)
        legs += leg(b, p, (-s * hips, -88), (-s * feet + 2 * s, -7), 0, s * way)
    else:
        legs = leg(b, p, (hips, -88), (feet, -9), 0, 0.4) + leg(b, p, (-hips, -88), (-feet, -9), 0, -0.4)
    arms = [
        rng.choice(("down", "down", "pocket", "down" if turn else "hip")),
        rng.choice(("down", "down", "pocket", "wave", "cup")),
    ]
    if gait == "walk":
        arms = ["swing", "swing"]
    rng.shuffle(arms)
    svg_arms = []
    for side, chosen in zip((-1, 1), arms, strict=True):
        action = chosen
        shoulder = (side * wide, shy)
        far = side * turn > 0.2
        if (action == "cup" and far) or (action == "pocket" and p.outfit.bottom == "bare"):
            action = "down"
        elbow = None
        twist = 0.0
        if action == "down":
            wrist = (side * (wide + 5.5), shy + 54)
        elif action == "pocket":
            wrist, elbow = (side * (wide - 2), shy + 46), (side * (wide + 9), shy + 28)
        elif action == "hip":
            wrist, elbow, twist = (side * (wide - 4.5), shy + 41), (side * (wide + 16), shy + 25), side * 20
        elif action == "wave":
            wrist, elbow = (side * (wide + 17), shy - 3), (side * (wide + 11), shy + 23)
        elif action == "cup":
            wrist, elbow = (side * (wide - 6), shy + 15), (side * (wide + 3), shy + 31)
        else:
            wrist = (side * wide * 0.9 + s * (-15 if side * s < 0 else 20), shy + 47)
        sign = s * 1.0 if action == "swing" else side * -1.0
        drawn = arm(b, p, shoulder, wrist, sign, far, twist, elbow, action == "pocket")
        if action == "cup":
            x, y = wrist[0] - side * 3, wrist[1] - 12
            drawn += (
                paint(f"M{x - 4:.1f} {y - 7:.1f}h8l-1.2 13h-5.6Z", "#f2efe8")
                + paint(f"M{x - 4.4:.1f} {y - 8.4:.1f}h8.8v2h-8.8Z", "#5a4436")
                + paint(f"M{x - 3.6:.1f} {y - 2.6:.1f}h7.2l-.5 4.6h-6.2Z", "#a87a50")
            )
            drawn += paint(ellipse(x, y + 3, 4.4, 3.0), p.look.skin)
        svg_arms.append((far, drawn))
    torso = torso_front(b, p, chin, _hem(p), turn)
    behind = "".join(d for far, d in svg_arms if far)
    before = "".join(d for far, d in svg_arms if not far)
    svg = (
        behind + back + legs + b.spot(0, _hem(p) + 3, 11, 6, "#12142a", 0.4) + throat + torso + before + face
    )
    top = -172 - (12 if p.look.style in ("bun", "afro") else 5) * scale
    contacts = [(-feet, -0.5, 10, 2.4), (feet, -0.5, 10, 2.4), (0, 0, 22, 3)]
    return Sprite(svg, (-48, top, 48, 4), p.metre, contacts, "fabric", 0.025, 0.35)


def _front(b: Brush) -> Sprite:
    return _stand(b, 0.0, "")


def _three_quarter(b: Brush) -> Sprite:
    return _stand(b, 0.7, "")


def _walk(b: Brush) -> Sprite:
    return _stand(b, 0.9, "walk")


def _bust(b: Brush, half: bool) -> Sprite:
    rng = b.rng
    p = somebody(rng)
    scale = 1.16 if p.look.age == "child" else 1.0
    low = 62.0 if half else 34.0
    chin = -low
    turn = rng.choice((-0.8, -0.4, 0.0, 0.3, 0.7, 1.0))
    back, throat, face = neck_and_head(b, p, turn * 1.5, chin, turn, rng.uniform(-6, 6), scale)
    shy, wide = chin + 13.9, p.shoulder
    torso = torso_front(b, p, chin, chin + 70, turn * 0.6)
    folded = half and rng.random() < 0.55
    arms = ""
    for side in (-1, 1):
        shoulder, elbow = (side * wide, shy), (side * (wide + 4.5), shy + 30)
        if folded:
            wrist = (-side * 7.5, shy + 25 + 4 * side)
            arms += arm(b, p, shoulder, wrist, -side, elbow=elbow)
        else:
            arms += arm(b, p, shoulder, (side * (wide + 7), shy + 55), -side)
    svg = back + throat + torso + arms + face
    top = chin - (26 + (8 if p.look.style in ("bun", "afro") else 4)) * scale
    return Sprite(
        svg, (-37, top, 37, 0), 100, relief=0.25, texture="fabric", texture_strength=0.02, cropped=True
    )


def _sit(b: Brush, stool: bool) -> Sprite:
    rng = b.rng
    p = somebody(rng)
    if p.outfit.top in ("dress", "coat"):
        legs = rng.choice(DENIM)
        outfit = replace(p.outfit, top="sweater", bottom="jeans", legs=legs, boots=False)
        p = replace(p, outfit=outfit)
    scale = 1.3 if p.look.age == "child" else 0.98
    seat = -56.0 if stool else -11.0
    hip = (-9.0, seat)
    neck = (-6.0, seat - 45) if stool else (-16.0, seat - 43)
    chin = neck[1] - 5
    turn = rng.uniform(0.4, 1.0)
    back, throat, face = neck_and_head(b, p, neck[0] + 1, chin, turn, rng.uniform(-6, 6), scale)
    if stool:
        wood = rng.choice(("#8a5a34", "#b58a58", "#3a3230"))
        rails = (
            taper([(-16, -46), (-20, 0)], [4, 3]) + taper([(6, -46), (10, 0)], [4, 3]) + "M-18 -18H8v3H-18Z"
        )
        base = paint(rails, b.across([(0, wood), (1, darken(wood, 0.5))])) + b.form(
            ellipse(-5, -46.5, 18, 4), wood, 1
        )
        far = leg(b, p, hip, (33, -14), -1, 0.8, far=True)
        near = leg(b, p, (-10, seat + 1), (26, -7), -1, 0.95)
        knees = (24.0, seat - 5)
    else:
        base = ""
        far = leg(b, p, hip, (34, -7), -1, 0.9, far=True)
        near = leg(b, p, (-11, seat + 1), (rng.choice((20, 44)), -7), -1, 0.95)
        knees = (14.0, seat - 28)
    lean = 3.0 if stool else -9.0
    trunk = torso_front(b, p, -57.0, 0.0, 0.8)
    torso = group(trunk, f"translate({hip[0] + 1:.1f} {seat + 6:.1f}) rotate({lean:.1f}) scale(.86 1)")
    shoulder = (neck[0] - 11, neck[1] + 11)
    far_arm = arm(b, p, (neck[0] + 12, neck[1] + 11), (knees[0] + 2, knees[1]), 1, True)
    wrist = (knees[0] - 4, knees[1] + 1) if stool or rng.random() < 0.5 else (-36.0, -12.0)
    near_arm = arm(b, p, shoulder, wrist, 1 if wrist[0] > 0 else -1)
    svg = base + back + far + far_arm + throat + torso + near + near_arm + face
    top = chin - 30 * scale
    contacts = [(-5, 0, 20, 2.4), (34, 0, 13, 2)] if stool else [(-10, -0.5, 20, 3), (30, -0.5, 18, 2.4)]
    return Sprite(svg, (-48, top, 66, 3), p.metre, contacts, "fabric", 0.025, 0.35)


_POSES: dict[str, Callable[[Brush], Sprite]] = {
    "front": _front,
    "three_quarter": _three_quarter,
    "walk": _walk,
    "portrait": lambda b: _bust(b, False),
    "half": lambda b: _bust(b, True),
    "ground": lambda b: _sit(b, False),
    "stool": lambda b: _sit(b, True),
}


def draw(b: Brush, view: str) -> Sprite:
    """One person in the pose ``view``."""
    return _POSES[view](b)


KIND = Kind(
    draw,
    ("front", "front", "three_quarter", "walk", "walk", "portrait", "portrait", "half", "ground", "stool"),
    (
        ("street", "road"),
        ("street", "road"),
        ("park", "grass"),
        ("park", "grass"),
        ("beach", "sand"),
        ("beach", "sand"),
        ("garden", "grass"),
        ("meadow", "grass"),
        ("mountain", "grass"),
        ("forest", "grass"),
        ("living_room", "floor"),
        ("living_room", "floor"),
        ("dining_room", "floor"),
        ("bedroom", "floor"),
        ("workshop", "floor"),
        ("farmyard", "yard"),
        ("snow", "snow"),
        ("country_road", "road"),
        ("car_park", "road"),
        ("station", "platform"),
    ),
    companions=(
        "dog",
        "bicycle",
        "horse",
        "motorbike",
        "sofa",
        "chair",
        "car",
        "dining_table",
        "tv_monitor",
        "boat",
        "potted_plant",
        "cat",
    ),
    fill=(0.72, 0.94),
    several=0.25,
    portrait=0.3,
)
