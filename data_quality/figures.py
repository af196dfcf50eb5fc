"""Numbers as people read them in a sentence."""


def readable(value: float) -> str:
    """Four digits at least, every digit before the point, and never an exponent: 10,000,000."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
