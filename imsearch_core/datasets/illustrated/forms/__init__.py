"""What drawings of several classes are built on: solids, vehicles, furniture, animals, leaves."""
