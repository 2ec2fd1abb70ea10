"""The pictures: our own small SVGs, inlined into pages, so they must be harmless and follow the theme.

What is allowed is listed; nh3 takes everything else away, and a picture that loses anything is refused whole.
"""

import re
from collections.abc import Iterator

import nh3

COLORS = frozenset(
    """--art-ink --art-paper --art-sky --art-sea --art-leaf --art-sun --art-rose --art-plum
    --art-skin1 --art-skin2 --art-skin3 --art-hair --art-white""".split()  # noqa: SIM905
)
LARGEST = 4096  # bytes
ROOT_TAG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" role="img" aria-hidden="true">'
SMALLEST_WORDS = 14  # SVG units; smaller is not readable on a phone

ROOT = re.compile(r"\s*" + re.escape(ROOT_TAG) + r"(.*)</svg>\s*", re.DOTALL)
SHAPES = {"g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
PAINT = {"fill", "stroke"}
GEOMETRY = frozenset(
    """x y x1 y1 x2 y2 cx cy r rx ry width height d points transform opacity fill-opacity stroke-opacity
    fill-rule clip-rule stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset
    stroke-miterlimit font-size font-weight font-family text-anchor letter-spacing dx dy
    dominant-baseline""".split()  # noqa: SIM905
)
_START_TAG = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*/?>")
_SPACE = re.compile(r">\s+<")
_END_TAG = re.compile(r"</[a-z]+\s*>")
_ANY_TAG = re.compile(r"<[^>]*>?")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_COLOR = re.compile(r"none|var\((--art-[a-z0-9]+)\)")
_NUMBERS = re.compile(r"[\w\s.,()%+-]*")


def faults_of(svg: str) -> Iterator[tuple[str, str]]:
    """What keeps this picture out: (rule, message). Nothing when it is fit to be put into a page."""
    if len(svg.encode()) > LARGEST:
        yield "A2", f"the picture is {len(svg.encode())} bytes; {LARGEST} at most"
    root = ROOT.fullmatch(svg)
    if root is None:
        yield "A4", f"the picture is one {ROOT_TAG} and its shapes"
        return
    yield from dict.fromkeys(_faults_inside(root.group(1)))
    if _shape_count(clean(svg)) != _shape_count(svg):
        yield "A1", "the picture is not well formed"


def _faults_inside(inner: str) -> Iterator[tuple[str, str]]:
    for tag in _ANY_TAG.findall(inner):
        start = _START_TAG.fullmatch(tag)
        if start is not None and start.group(1) in SHAPES:
            yield from _faults_of_attributes(start.group(2))
        elif not _END_TAG.fullmatch(tag):
            yield "A1", f"{tag[:40]} is not a shape our pictures may use"
    if "&" in inner:
        yield "A1", "no entities: write the character itself"
    if "<text" in inner and "font-size" not in inner:
        yield "A5", f"give words a font-size, {SMALLEST_WORDS} at least"


def _faults_of_attributes(written: str) -> Iterator[tuple[str, str]]:
    for name, double, single in _ATTRIBUTE.findall(written):
        value = double or single
        if name in PAINT:
            color = _COLOR.fullmatch(value)
            if color is None or (color.group(1) and color.group(1) not in COLORS):
                yield "A3", f'{name}="{value}": colors are only none and var(--art-...) from the palette'
        elif name not in GEOMETRY or not _NUMBERS.fullmatch(value):
            yield "A1", f'{name}="{value[:30]}" may not stand in our pictures'
        elif name == "font-size" and _units(value) < SMALLEST_WORDS:
            yield "A5", f"words are {value} units high; {SMALLEST_WORDS} at least"


def _units(value: str) -> float:
    try:
        return float(value.removesuffix("px"))
    except ValueError:
        return 0.0


def _shape_count(svg: str) -> int:
    return len(re.findall(r"<[a-zA-Z]", svg))


def clean(svg: str) -> str:
    """The picture with everything not allowed taken away, and without needless space."""
    shapes = dict.fromkeys(SHAPES, PAINT | GEOMETRY)
    root = {"svg": {"xmlns", "viewBox", "role", "aria-hidden"}}
    return _SPACE.sub("><", nh3.clean(svg, tags={*SHAPES, "svg"}, attributes={**shapes, **root})).strip()
