"""Draws the demo's pictures into a folder: `python -m bot.cli.demo.pictures FOLDER`.

Portraits of the known fakes first, because the archive waits for them; then what a visitor forwards: the same portraits
mirrored and compressed again, people whom nobody knows, and phone screenshots with both.
"""

import random
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from bot.cli.demo.fakes import Fake, known_fakes
from bot.simulator.avatars import avatar
from bot.simulator.backdrops import backdrop
from bot.simulator.screens import Comment, Look, Post, Profile, Thread, render_screen

Draw = Callable[[dict[str, Fake]], Image.Image]

#: Seeds of people of whom the newsroom knows nothing.
_READERS: Final = (401, 402, 403, 404, 405)
_OUTLET: Final = 500
_QUALITY: Final = 85


def draw_all(folder: Path) -> None:
    """Draw every picture; a file stands under its name only when it is whole."""
    fakes = known_fakes()
    for fake in fakes.values():
        _save(avatar(fake.seed), folder / fake.portrait, quality=90)
    for name, draw in MATERIAL.items():
        _save(draw(fakes), folder / name, quality=_QUALITY)


def _save(image: Image.Image, path: Path, *, quality: int) -> None:
    draft = path.with_suffix(".draft")
    image.save(draft, "PNG" if path.suffix == ".png" else "JPEG", quality=quality)
    draft.rename(path)


def _again(image: Image.Image, side: int, quality: int) -> Image.Image:
    """The picture made smaller and compressed again, as a copy on another site is."""
    packed = BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(packed, "JPEG", quality=quality)
    return Image.open(packed)


def _mirrored(fake: Fake) -> Image.Image:
    return ImageOps.mirror(avatar(fake.seed))


def _known_profile(fakes: dict[str, Fake]) -> Image.Image:
    fake = fakes["mira_arashan_demo"]
    photo = _again(_mirrored(fake), 240, 75)
    shown = Profile(
        name="Алина Р.",
        handle="alina_r_demo",
        photo=photo,
        about="Люблю горы и правду",
        place="Бишкек",
        followers=12,
        following=37,
        posts=3,
        story=True,
        scene=21,
    )
    return render_screen(shown, Look(platform="instagram", device="iphone", clock="21:07")).image


def _unknown_profile(_fakes: dict[str, Fake]) -> Image.Image:
    photo = avatar(_READERS[0])
    post = Post(
        author="Гүлнара М.",
        text="Бүгүн балдар менен китепканага бардык.",
        time="3 саат",
        photo=photo,
        likes=46,
        comments=7,
    )
    shown = Profile(
        name="Гүлнара М.",
        photo=photo,
        about="Мугалим. Үч баланын апасы",
        place="Ысык-Көл",
        friends=412,
        last_post=post,
        scene=22,
    )
    return render_screen(shown, Look(platform="facebook", language="ky")).image


def _night_profile(fakes: dict[str, Fake]) -> Image.Image:
    fake = fakes["svetlana.alatoo.demo"]
    photo = avatar(fake.seed)
    post = Post(
        author="Светлана Ала-Тоо",
        text="Обновила фото профиля",
        time="вчера в 23:40",
        photo=photo,
        likes=2,
        comments=0,
        shares=0,
    )
    shown = Profile(
        name="Светлана Ала-Тоо",
        handle=fake.handle,
        photo=photo,
        about="За честный народ",
        friends=9,
        followers=2,
        last_post=post,
        scene=23,
    )
    return render_screen(shown, Look(platform="vk", dark=True, clock="23:52", battery=31)).image


def _copies_thread(fakes: dict[str, Fake]) -> Image.Image:
    text = "Опять эти продажные журналисты из Ак-Калкан льют грязь на честного человека. Не верьте ни одному слову!"
    writers = [fakes[handle] for handle in ("aizada.kunduz.demo", "bektur.taldybulak.demo", "viktor.gornyi.demo")]
    copies = [_comment(fake.names[0], avatar(fake.seed), text, f"{place + 2} ч") for place, fake in enumerate(writers)]
    reader = _comment("Ирина В.", avatar(_READERS[1]), "А почему вы все пишете одно и то же?", "1 ч", likes=18)
    return render_screen(_thread((*copies, reader)), Look(platform="facebook")).image


def _threat_thread(fakes: dict[str, Fake]) -> Image.Image:
    fake = fakes["azamat.kyrchyn.demo"]
    comments = (
        _comment("Таалай О.", avatar(_READERS[2]), "Рахмат, айылга келип жазганыңызга.", "5 саат", likes=24),
        _comment(fake.names[0], avatar(fake.seed), "Ак-Калкандын кеңсесин эл жакында талкалайт.", "4 саат"),
        _comment("Болот У.", avatar(_READERS[3]), "Бул коркутуу го.", "3 саат", likes=7, level=1),
    )
    look = Look(platform="facebook", dark=True, language="ky", device="iphone", clock="19:18")
    return render_screen(_thread(comments, when="кечээ"), look).image


def _reader_thread(_fakes: dict[str, Fake]) -> Image.Image:
    comments = (
        _comment(
            "Валентина К.",
            avatar(_READERS[4]),
            "Бабушке восемьдесят лет, вёдра носит из арыка.",
            "6 часов назад",
            likes=40,
        ),
        _comment(
            "Людмила Г.", avatar(_READERS[0]), "У нас ту же трубу прокладывали три раза.", "5 часов назад", likes=12
        ),
    )
    return render_screen(_thread(comments, picture=True), Look(platform="ok")).image


def _thread(comments: tuple[Comment, ...], *, when: str = "вчера", picture: bool = False) -> Thread:
    post = Post(
        author="Ак-Калкан медиа",
        photo=avatar(_OUTLET),
        text="Куда ушли деньги на насосные станции: мы объехали семь сёл и посмотрели договоры.",
        time=when,
        picture=backdrop(random.Random(_OUTLET), 480).crop((0, 100, 480, 380)) if picture else None,  # noqa: S311
    )
    return Thread(post=post, comments=comments, total=48)


def _comment(author: str, photo: Image.Image, text: str, time: str, likes: int = 0, level: int = 0) -> Comment:
    return Comment(author=author, photo=photo, text=text, time=time, likes=likes, level=level)


#: What a visitor can forward, by file name.
MATERIAL: Final[dict[str, Draw]] = {
    "portrait-mirrored.jpg": lambda fakes: _again(_mirrored(fakes["kanat.jeti.demo"]), 240, 70),
    "portrait-small.jpg": lambda fakes: _again(avatar(fakes["bektur.taldybulak.demo"].seed), 180, 45),
    "portrait-mirrored.png": lambda fakes: _mirrored(fakes["emma.rivers.demo"]),
    "portrait-unknown.jpg": lambda _fakes: avatar(_READERS[1]),
    "screenshot-known.jpg": _known_profile,
    "screenshot-unknown.jpg": _unknown_profile,
    "album-1.jpg": _copies_thread,
    "album-2.jpg": _threat_thread,
    "album-3.jpg": _night_profile,
    "album-4.jpg": lambda fakes: _again(_mirrored(fakes["gulzat.suu.demo"]), 260, 70),
    "album-5.jpg": _reader_thread,
}


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))
