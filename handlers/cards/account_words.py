"""Words for what accounts' records hold."""

from bot.i18n import N_

TAGS = {
    "fresh_and_busy": N_("new, and busy at once"),
    "no_posts": N_("no posts of its own"),
    "stolen_photo": N_("somebody else's photo"),
    "same_day_photos": N_("profile and cover photo of one day"),
    "odd_photo": N_("a car, a saint or an actress for a photo"),
    "office_hours": N_("active in office hours"),
    "made_up_work": N_("made-up work or studies"),
    "leader_groups": N_("groups of one leader only"),
    "only_reposts": N_("reposts only, several a day"),
    "same_texts": N_("texts that others post too"),
    "changed_sides": N_("changed sides"),
    "few_friends": N_("hardly any friends"),
}

EVENTS = {
    "added": N_("listed"),
    "changed": N_("added to"),
    "same": N_("listed once more"),
    "confirmed": N_("confirmed by a second person"),
    "cleared": N_("cleared"),
    "gone": N_("removed by its platform"),
    "details": N_("details noted"),
    "facts": N_("noted"),
    "fact_removed": N_("taken out"),
    "photo": N_("photo added"),
    "merged": N_("merged into another account"),
    "took_in": N_("another account was merged into it"),
    "taken_apart": N_("taken apart again"),
    "split": N_("split"),
    "unsplit": N_("put together again"),
    "succeeded": N_("linked as predecessor and successor"),
    "not_successor": N_("not one account's successor"),
    "impersonates": N_("uses the name or photo of somebody of ours"),
    "withdrawn": N_("taken off the list with its reporter's other reports"),
    "restored": N_("back on the list"),
}

WHY_SUCCESSOR = {"photo": N_("the same photo"), "text": N_("the same texts")}
WHY_PRETENDS = {"name": N_("the name"), "photo": N_("the photo or logo")}

FIELDS = {
    "": N_("(left out)"),
    "platform": N_("platform"),
    "handle": N_("handle"),
    "link": N_("link"),
    "id": N_("number"),
    "name": N_("name"),
    "names": N_("all names"),
    "type": N_("type"),
    "attached_to": N_("attached to"),
    "tags": N_("marks"),
    "links": N_("other links"),
    "farm": N_("farm"),
    "reason": N_("reason"),
    "photos": N_("photo files"),
    "source": N_("source"),
    "work": N_("work"),
    "study": N_("studies"),
    "place": N_("place"),
    "group": N_("groups"),
    "first_seen": N_("first seen"),
    "last_seen": N_("last seen"),
    "photo_on": N_("date of the profile photo"),
    "cover_on": N_("date of the cover photo"),
    "posts_a_day": N_("posts a day"),
    "praised": N_("praised"),
    "attacked": N_("attacked"),
}
