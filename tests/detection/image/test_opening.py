"""Opening pictures: every kind that phones send is shown upright on white, everything else is refused by a code."""

import io
import pickle
import random
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import AvifImagePlugin, Image, features

from detection.image.decoders import DECODED
from detection.image.headers import gif_moves, jpeg_scans, webp_canvas
from detection.image.opening import ImageLimits, ImageRefused, check_bytes, clean_copy, open_image
from tests.detection.image import hostile


def code_of(data: bytes, limits: ImageLimits | None = None) -> str:
    try:
        open_image(data, limits)
    except ImageRefused as refusal:
        return refusal.code
    return "fine"


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, dtype=float) - np.asarray(other.resize(one.size), dtype=float)).mean())


@pytest.mark.parametrize("case", hostile.CORPUS, ids=lambda case: case.name)
def test_hostile_picture_gets_its_code(case: hostile.Hostile) -> None:
    """Bombs, lies, stumps and strangers are each refused by the code that a person will be told."""
    assert code_of(case.make()) in case.codes


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
        ("HEIF", "RGB"),
        ("HEIF", "RGBA"),
        ("HEIF", "L"),
        ("AVIF", "RGB"),
        ("AVIF", "RGBA"),
    ],
)
def test_every_mode_becomes_rgb(kind: str, mode: str) -> None:
    """Whatever a file stores, what is looked at is opaque RGB and shows the same picture."""
    source = hostile.drawing().convert(mode)
    opened = open_image(hostile.encoded(source, kind))
    assert (opened.rgb.mode, opened.format, opened.original_size) == ("RGB", kind, (400, 300))
    assert mean_difference(opened.rgb, source.convert("RGB")) < 6


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    """A scanner's 16 bits a pixel are scaled to 8, not clipped to white."""
    ramp = np.tile(np.linspace(0, 65_535, 300, dtype=np.uint16), (200, 1))
    opened = open_image(hostile.encoded(Image.fromarray(ramp), "PNG"))
    row = np.asarray(opened.rgb)[100, :, 0]
    assert row[0] < 3
    assert row[-1] > 252
    assert abs(int(row[150]) - 128) < 4


def test_transparency_lies_on_white() -> None:
    """A transparent pixel's hidden colour never shows."""
    image = Image.new("RGBA", (60, 40), (255, 0, 0, 0))
    assert open_image(hostile.encoded(image, "PNG")).rgb.getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    """A photo taken with the phone on its side is shown as the person saw it, for each of the eight values."""
    upright = hostile.drawing(5, (300, 200))
    stored = hostile.turned(upright, orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(hostile.encoded(stored, exif=exif, quality=95))
    assert opened.original_size == (300, 200)
    assert mean_difference(opened.rgb, upright) < 6


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_that_turn_a_picture_are_applied(kind: str, orientation: int) -> None:
    """HEIC and AVIF say in boxes of their own how they are turned; it is done once, whatever EXIF says beside them."""
    upright = hostile.drawing(5, (300, 200))
    stored = hostile.turned(upright, orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.info["exif"] = exif.tobytes()
    data = hostile.encoded(stored, kind, quality=95, **({"exif": exif} if kind == "AVIF" else {}))
    opened = open_image(data)
    assert (b"irot" in data or b"imir" in data) == (orientation != 1)
    assert opened.original_size == (300, 200)
    assert mean_difference(opened.rgb, upright) < 6


def test_heic_of_more_bits_keeps_its_shades() -> None:
    """A phone's ten bits a colour are shown in eight, neither dark nor clipped."""
    ramp = np.tile(np.linspace(0, 65_535, 300, dtype=np.uint16), (200, 1))
    deep = pillow_heif.from_bytes(mode="RGB;16", size=(300, 200), data=np.repeat(ramp[..., None], 3, 2).tobytes())
    out = io.BytesIO()
    deep.save(out, quality=95)
    row = np.asarray(open_image(out.getvalue()).rgb)[100, :, 0]
    assert row[0] < 6
    assert row[-1] > 249
    assert abs(int(row[150]) - 128) < 6


def test_every_decoder_is_registered_once() -> None:
    """AVIF is Pillow's and HEIC is pillow-heif's; neither is there twice, and each takes one thread."""
    assert [Image.ID.count(kind) for kind in sorted(DECODED)] == [1] * 6
    assert Image.OPEN["AVIF"][0] is AvifImagePlugin.AvifImageFile
    assert Image.OPEN["HEIF"][0] is pillow_heif.HeifImageFile
    assert (AvifImagePlugin.DEFAULT_MAX_THREADS, pillow_heif.options.DECODE_THREADS) == (1, 1)


def test_thumbnail_inside_a_heic_is_not_shown() -> None:
    """What is looked at is the picture, although a smaller one lies beside it and may show something else."""
    out = io.BytesIO()
    hostile.drawing(1, (3000, 2000)).save(out, "HEIF", thumbnails=[1400])
    opened = open_image(out.getvalue())
    assert opened.original_size == (3000, 2000)
    assert mean_difference(opened.rgb, hostile.drawing(1, (3000, 2000)).resize((1280, 853))) < 6


@pytest.mark.parametrize("words", ["Pixel allocation failed: Out of memory", "Memory allocation error: Allocating 9"])
def test_decoder_without_memory_says_so(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder that tells of lacking memory in its own words is not taken for a damaged picture."""

    def load(_: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr(pillow_heif.HeifImageFile, "load", load)
    with pytest.raises(MemoryError):
        open_image(hostile.encoded(hostile.drawing(), "HEIF"))


def test_damaged_exif_is_no_reason_to_refuse() -> None:
    """A picture is looked at although the block beside it is nonsense."""
    data = hostile.encoded(hostile.drawing(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)
    assert code_of(data) == "fine"


def test_long_side_is_limited() -> None:
    """A camera's picture is shrunk; its true size is remembered."""
    opened = open_image(hostile.encoded(hostile.drawing(2, (4000, 3000))), ImageLimits(long_side=640))
    assert (opened.width, opened.height) == (640, 480)
    assert opened.original_size == (4000, 3000)


def test_first_frame_of_an_animation_is_shown() -> None:
    """Of an animation the first frame counts, in GIF, WebP and PNG alike."""
    first, second = hostile.drawing(1), hostile.drawing(2)
    for kind in ("GIF", "WEBP", "PNG", "HEIF", "AVIF"):
        data = hostile.encoded(first, kind, save_all=True, append_images=[second])
        opened = open_image(data)
        assert mean_difference(opened.rgb, first) < mean_difference(opened.rgb, second) / 3


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "HEIF", "AVIF"])
def test_animation_is_told(kind: str) -> None:
    """Whoever sends an animation can be told that its first picture was looked at; a still picture is none."""
    pages = [hostile.drawing(seed) for seed in (1, 2, 3)]
    assert open_image(hostile.encoded(pages[0], kind, save_all=True, append_images=pages[1:])).moves
    assert not open_image(hostile.encoded(pages[0], kind)).moves


def test_photo_with_a_second_one_inside_does_not_move() -> None:
    """Phones keep a depth map or another exposure behind a JPEG's end."""
    out = io.BytesIO()
    hostile.drawing(1).save(out, "MPO", save_all=True, append_images=[hostile.drawing(2)])
    opened = open_image(out.getvalue())
    assert not opened.moves
    assert mean_difference(opened.rgb, hostile.drawing(1)) < 6


@pytest.mark.parametrize("cut", [6, 13, 40, 800, 900, 1100, 2000])
def test_gif_cut_anywhere_has_what_it_has(cut: int) -> None:
    """Counting a GIF's pictures ends with its bytes."""
    first = hostile.encoded(hostile.drawing(1, (90, 70)), "GIF")
    whole = hostile.encoded(hostile.drawing(1, (90, 70)), "GIF", save_all=True, append_images=[hostile.drawing(2)])
    assert gif_moves(whole[:cut]) in (False, cut > len(first) // 2)
    assert gif_moves(whole)


def test_scans_are_counted_as_a_decoder_meets_them() -> None:
    """A thumbnail's scan and what lies behind the end are none; every other one is counted, up to the limit."""
    progressive = hostile.encoded(hostile.drawing(), progressive=True)
    counted = progressive.count(b"\xff\xda")
    assert counted > 5
    exif = Image.Exif()
    exif[0x010E] = "\xff\xda" * 40
    assert jpeg_scans(hostile.encoded(hostile.drawing(), exif=exif) + progressive * 9, 500) == 1
    assert jpeg_scans(progressive + progressive, 500) == counted
    assert jpeg_scans(hostile.many_scans(300, 16), 200) == 200
    assert code_of(progressive) == "fine"


def test_scans_are_not_counted_on_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked before a picture goes to a worker reads no further than the head; opening it there counts them."""
    endless = hostile.many_scans(300, 16)
    assert code_of(endless) == "bomb"
    monkeypatch.setattr("detection.image.opening.jpeg_scans", lambda *_: pytest.fail("the whole file was read"))
    assert check_bytes(endless, ImageLimits()) == "JPEG"


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_transparent_colour_lies_on_white(mode: str) -> None:
    """A palette's or a grey picture's one transparent colour shows as white, too."""
    image = Image.new(mode, (60, 40), {"P": 0, "L": 20, "RGB": (10, 20, 30)}[mode])
    if mode == "P":
        image.putpalette([10, 20, 30, 200, 0, 0])
    transparent = image.getpixel((0, 0))
    opened = open_image(hostile.encoded(image, "PNG", transparency=transparent))
    assert opened.rgb.getpixel((30, 20)) == (255, 255, 255)


def test_sixteen_bit_colour_keeps_its_shades() -> None:
    """So is a PNG of 16 bits a colour, which Pillow itself cannot write."""
    row = b"\0" + b"".join(struct.pack(">HHH", n * 256 + 7, 65_535 - n * 256, 128 * 256) for n in range(256))
    data = hostile.png(256, 40, 16, 2, hostile.chunk(b"IDAT", zlib.compress(row * 40)))
    shown = np.asarray(open_image(data).rgb)[20]
    assert np.abs(shown[:, 0].astype(int) - np.arange(256)).max() <= 1
    assert np.abs(shown[:, 1].astype(int) - np.arange(255, -1, -1)).max() <= 1


def test_limits_are_settings() -> None:
    """Bytes, pixels and sides are each held to the number that was set."""
    data = hostile.encoded(hostile.drawing(1, (400, 300)))
    assert code_of(data, ImageLimits(max_bytes=len(data))) == "fine"
    assert code_of(data, ImageLimits(max_bytes=len(data) - 1)) == "too_many_bytes"
    assert code_of(data, ImageLimits(max_pixels=119_999)) == "too_many_pixels"
    assert code_of(data, ImageLimits(max_side=399)) == "too_large_side"


def test_clean_copy_carries_nothing_over() -> None:
    """What is sent on has the pixels and none of the source's metadata, comments or trailing bytes."""
    source = hostile.drawing()
    dirty = hostile.with_everything(source)
    assert all(mark in dirty for mark in hostile.FOREIGN)
    copy = clean_copy(open_image(dirty).rgb, 1280)
    assert not [mark for mark in hostile.FOREIGN if mark in copy]
    assert copy.endswith(b"\xff\xd9")
    assert mean_difference(source, open_image(copy).rgb) < 6


def test_clean_copy_drops_what_pillow_would_keep() -> None:
    """Pillow saves a comment and a resolution out of ``image.info`` unasked; a copy of such an object has neither."""
    image = hostile.drawing()
    image.info.update(comment=b"<?php ?>", dpi=(301, 301), exif=b"Exif\0\0secret", xmp=b"secret")
    copy = clean_copy(image, 200, quality=70)
    assert b"php" not in copy
    assert b"secret" not in copy
    assert Image.open(io.BytesIO(copy)).size == (200, 150)


def test_refusal_crosses_a_process_border() -> None:
    """A pickled refusal keeps its code."""
    assert pickle.loads(pickle.dumps(ImageRefused("bomb"))).code == "bomb"  # noqa: S301


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exact": True}], ids=["lossy", "lossless", "alpha"])
def test_webp_canvas_is_read_as_pillow_reads_it(options: dict[str, bool]) -> None:
    """The size that decides before the decoder is asked is the decoder's own, for the three kinds of header."""
    image = hostile.drawing(1, (123, 457)).convert("RGBA" if "exact" in options else "RGB")
    if "exact" in options:
        image.putalpha(90)
    data = hostile.encoded(image, "WEBP", **options)
    assert webp_canvas(data) == (123, 457)


@given(st.binary(max_size=200), st.sampled_from(["", "JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"]))
def test_random_bytes_never_crash(tail: bytes, kind: str) -> None:
    """Bytes with or without a true beginning are refused or shown; no other error comes out."""
    start = hostile.encoded(hostile.drawing(1, (60, 50)), kind)[:40] if kind else b""
    assert code_of(start + tail)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_mutated_pictures_never_crash(kind: str) -> None:
    """300 pictures with random bytes overwritten are each refused or shown."""
    whole, draw_with = hostile.encoded(hostile.drawing(1, (90, 70)), kind), random.Random(kind)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(draw_with.randrange(1, 12)):
            data[draw_with.randrange(12, len(data))] = draw_with.randrange(256)
        assert code_of(bytes(data))


def test_decoders_are_those_that_are_needed() -> None:
    """The build of Pillow in use has the decoders that the room relies on."""
    assert {"JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF"} == DECODED
    assert features.check("jpg")
    assert features.check("webp")
    assert features.check("zlib")
