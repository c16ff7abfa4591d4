"""The whole search: copies are found, framed and described; other pictures are not."""

import random
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageOps

from bot.simulator.avatars import avatar
from bot.simulator.screens import Comment, Look, Post, Profile, Thread, recompressed, render_screen
from detection.image.describing import describe
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.geometry import area
from detection.image.packing import pack, unpack
from detection.image.searching import compare, search, wanted
from detection.image.shelf import Shelf

COUNT = 16


@pytest.fixture(scope="module")
def stored() -> dict[int, Description]:
    """Drawn portraits as the archive gives them back."""
    return {seed: unpack(pack(describe(avatar(seed)))) for seed in range(COUNT)}


@pytest.fixture(scope="module")
def shelf(stored: dict[int, Description]) -> Shelf:
    shelf = Shelf()
    shelf.add(stored.items())
    return shelf


def found(picture: Image.Image, shelf: Shelf, stored: dict[int, Description]) -> list[PhotoFinding]:
    return search(describe(picture), shelf, stored)


def test_a_mirrored_crop_is_a_match_that_says_so(shelf: Shelf, stored: dict[int, Description]) -> None:
    """The right half-and-more of a photo, flipped: matched, mirrored, cropped, not turned, with the part it shows."""
    picture = ImageOps.mirror(avatar(7).crop((64, 32, 320, 288)))
    best = found(picture, shelf, stored)[0]
    assert (best.ref, best.tier, best.mirrored, best.cropped, best.rotated) == (7, "match", True, True, False)
    assert best.seen == pytest.approx(256 * 256 / 320**2, abs=0.03)
    xs, ys = zip(*best.known_region, strict=True)
    assert (min(xs), min(ys), max(xs), max(ys)) == pytest.approx((64, 32, 320, 288), abs=4)
    assert {"points", "pixels"} <= set(best.reasons)


@pytest.mark.parametrize("degrees", [-6, 7])
def test_a_turned_photo_is_a_match_that_says_by_how_much(
    degrees: int, shelf: Shelf, stored: dict[int, Description]
) -> None:
    """Pillow turns against the clock, which is a negative angle where y points down."""
    best = found(avatar(3).rotate(degrees, Image.Resampling.BICUBIC), shelf, stored)[0]
    assert (best.ref, best.tier, best.rotated, best.mirrored) == (3, "match", True, False)
    assert abs(best.degrees) == pytest.approx(abs(degrees), abs=1)


def test_a_faded_grainy_copy_is_a_match(shelf: Shelf, stored: dict[int, Description]) -> None:
    """A third of the contrast, grain of 10 levels, cropped, recompressed: its points are those of a softened copy."""
    faded = Image.eval(avatar(5).crop((20, 10, 300, 290)), lambda level: 90 + level // 3)
    grain = Image.effect_noise(faded.size, 10).convert("RGB")
    best = found(recompressed(ImageChops.add(faded, grain, offset=-128), 220, 60), shelf, stored)[0]
    assert (best.ref, best.tier) == (5, "match")
    assert best.evidence.softened is not None


def test_the_same_picture_is_matched_by_its_hash_and_whole(shelf: Shelf, stored: dict[int, Description]) -> None:
    """Nothing was done to it, and nothing is said to have been."""
    best = found(avatar(11).resize((200, 200)), shelf, stored)[0]
    assert (best.ref, best.tier, best.mirrored, best.cropped, best.rotated) == (11, "match", False, False, False)
    assert "hash" in best.reasons
    assert best.score > 0.9
    assert best.evidence.softened is None


@pytest.mark.parametrize(("platform", "dark"), [("facebook", False), ("vk", True), ("instagram", True)])
def test_the_photo_of_a_profile_is_found_in_its_screenshot(
    platform: str, dark: bool, shelf: Shelf, stored: dict[int, Description]
) -> None:
    """The frame around the match lies where the screenshot shows the photo."""
    screen = render_screen(
        Profile(name="Айгерим Т.", handle="aika", photo=avatar(5), followers=12),
        Look(platform=platform, dark=dark, avatar=240),  # type: ignore[arg-type]
    )
    sent = recompressed(screen.image)
    best = search(describe(sent, screen.image.size), shelf, stored)[0]
    assert (best.ref, best.tier) == (5, "match")
    assert screen.truth.profile is not None
    assert screen.truth.profile.avatar is not None
    x, y, width, height = screen.truth.profile.avatar
    xs, ys = zip(*best.region, strict=True)
    assert (x + width / 2, y + height / 2) == pytest.approx((sum(xs) / len(xs), sum(ys) / len(ys)), abs=0.2 * width)
    assert area(best.region) == pytest.approx(width * height, rel=0.35)


def test_other_pictures_match_nothing(shelf: Shelf, stored: dict[int, Description]) -> None:
    """Portraits that are not stored, half of them mirrored: no match."""
    for seed in range(COUNT, COUNT + 16):
        picture = avatar(seed) if seed % 2 else ImageOps.mirror(avatar(seed))
        assert [each.ref for each in found(picture, shelf, stored) if each.tier == "match"] == []


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (28, 28), (5, 400)])
def test_odd_shapes_are_no_error(size: tuple[int, int], shelf: Shelf, stored: dict[int, Description]) -> None:
    """A picture of any size is described and searched; there is only nothing in it."""
    noise = Image.effect_noise(size, 60).convert("RGB")
    assert found(noise, shelf, stored) == []
    assert found(Image.new("RGB", size, "white"), shelf, stored) == []


def test_a_candidate_that_the_archive_no_longer_has_is_passed_over(
    shelf: Shelf, stored: dict[int, Description]
) -> None:
    """Withdrawn between the search and the comparison: not an error, not a match."""
    described = describe(avatar(2))
    sightings = shelf.search(described)
    assert 2 in wanted(sightings)
    left = {ref: each for ref, each in stored.items() if ref != 2}
    assert all(each.ref != 2 for each in compare(described, sightings, left))


def test_a_photo_that_was_described_anew_since_it_was_indexed_is_passed_over(
    shelf: Shelf, stored: dict[int, Description]
) -> None:
    """The index names regions and hashes that its description does not have any more: not an error."""
    described = describe(avatar(2))
    (region, *_) = stored[2].regions
    for regions in ((), (replace(region, hashes=()),)):
        anew = {**stored, 2: replace(stored[2], regions=regions)}
        assert all(
            each.evidence.distance is None
            for each in compare(described, shelf.search(described), anew)
            if each.ref == 2
        )


def test_boxes_are_in_pixels_of_the_picture_as_it_was_sent() -> None:
    """A picture that was shrunk before it was described keeps its own coordinates."""
    described = describe(avatar(1), (1280, 1280))
    assert (described.width, described.height) == (1280, 1280)
    assert described.regions[0].box == (0, 0, 1280, 1280)


def test_the_answer_does_not_depend_on_the_order_of_storing(stored: dict[int, Description]) -> None:
    """The same findings from a shelf that was filled the other way round."""
    picture = avatar(9).crop((20, 20, 300, 300))
    order = list(stored.items())
    random.Random(2).shuffle(order)
    shelves = [Shelf(), Shelf()]
    shelves[0].add(stored.items())
    shelves[1].add(order)
    first, second = (found(picture, shelf, stored) for shelf in shelves)
    assert [(f.ref, f.tier, f.score) for f in first] == [(f.ref, f.tier, f.score) for f in second]


def test_what_every_screenshot_of_a_phone_has_is_no_photo() -> None:
    """The reader's own photo and letters in discs, small on both, are not compared; a profile's photo is."""
    reader, writers = avatar(60), ("Айбек", "Нурбек", "Бермет")
    threads = [
        Thread(
            post=Post(author="Ак-Калкан", text="Жаңылык", photo=reader),
            comments=tuple(Comment(author=name, text=f"{name} жазды {n}", photo=photo) for name in writers),
        )
        for n, photo in enumerate((None, None, avatar(61)))
    ]
    shots = [describe(render_screen(thread, Look(platform="facebook")).image.resize((590, 1280))) for thread in threads]
    profile = describe(render_screen(Profile(name="Айбек", photo=avatar(61)), Look(platform="facebook")).image)
    known = dict(enumerate([*shots, profile]))
    shelf = Shelf()
    shelf.add(known.items())
    assert {hit.ref for hit in search(shots[0], shelf, known)} <= {0}
    assert {hit.ref for hit in search(shots[2], shelf, known)} == {3}
