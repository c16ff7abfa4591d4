"""What was found when a case was filed may name cases that were restricted since: its reader gets the rest."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.submission import Case, Part
from bot.model.verdict import Finding
from bot.storage import comments, need_to_know, photos


async def without_kept(conn: AsyncConnection, case: Case) -> Case:
    """A case as its reader may see it: no copy and no photo of a case that is kept from them."""
    if not need_to_know.is_up(conn):
        return case
    findings = [finding for part in case.parts for finding in part.findings]
    said = {copy.comment for finding in findings for copy in finding.copies}
    shown = {photo.photo for finding in findings for photo in finding.photos}
    seen = await comments.still_there(conn, case.newsroom_id, said)
    seen |= await photos.still_there(conn, case.newsroom_id, shown)
    return replace(case, parts=tuple(_part(part, seen) for part in case.parts))


def _part(part: Part, seen: set[int]) -> Part:
    finding = _seen(part.finding, seen) if part.finding is not None else None
    reading, screen = part.reading, part.reading.screen if part.reading is not None else None
    if reading is not None and screen is not None:
        profile = screen.profile
        screen = replace(
            screen,
            profile=replace(profile, finding=_seen(profile.finding, seen)) if profile is not None else None,
            comments=tuple(replace(each, finding=_seen(each.finding, seen)) for each in screen.comments),
        )
        reading = replace(reading, screen=screen)
    return replace(part, finding=finding, reading=reading)


def _seen(finding: Finding, seen: set[int]) -> Finding:
    copies = tuple(copy for copy in finding.copies if copy.comment in seen)
    photos = tuple(photo for photo in finding.photos if photo.photo in seen)
    # Who posted it first is not among the examples of a text that was posted often.
    is_whole = len(copies) == len(finding.copies) and finding.copy_count <= len(copies)
    return replace(
        finding,
        copies=copies,
        photos=photos,
        copy_first_account=finding.copy_first_account if is_whole else None,
        copy_first_post=finding.copy_first_post if is_whole else None,
    )
