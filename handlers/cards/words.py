"""Codes to words: platforms, threat kinds, statuses, roles, refusals. Each is translated where it is shown."""

from bot.i18n import N_, Translator

PLATFORMS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "vk": "VK",
    "ok": "OK",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "x": "X",
    "threads": "Threads",
    "telegram": "Telegram",
}
#: Of screenshots; WhatsApp has no accounts that could be listed.
APPLICATIONS = PLATFORMS | {"whatsapp": "WhatsApp"}

KINDS = {
    "death": N_("death"),
    "violence": N_("violence"),
    "arson": N_("arson or attack on an office"),
    "sexual": N_("sexual violence"),
    "kidnap": N_("kidnapping"),
    "family": N_("against the family"),
    "doxx": N_("publishing private data"),
    "stalking": N_("stalking"),
    "legal": N_("arrest or prosecution"),
    "incitement": N_("incitement of others"),
}

ROLES = {
    "journalist": N_("journalist"),
    "editor": N_("editor"),
    "security": N_("security lead"),
    "admin": N_("administrator"),
}

STATUSES = {
    "suspected": N_("suspected"),
    "confirmed": N_("confirmed fake"),
    "cleared": N_("cleared"),
    "gone": N_("removed by its platform"),
}

REASONS = {
    "same_id": N_("the same account number"),
    "same_handle": N_("the same handle"),
    "lookalike_handle": N_("a look-alike handle"),
    "same_name": N_("the same name"),
    "similar_name": N_("a similar name"),
    "same_photo": N_("the same photo"),
    "similar_photo": N_("a similar photo"),
}

STRENGTHS = {
    "certain": N_("certain"),
    "near_certain": N_("near-certain"),
    "possible": N_("possible, please compare"),
}

EDITS = {
    "exact": N_("word for word"),
    "same_words_reordered": N_("words reordered"),
    "edited": N_("edited"),
    "other_numbers": N_("other numbers"),
    "part": N_("a part of it"),
}

DIFFERENCES = {
    "same": N_("word for word"),
    "part": N_("a part of it"),
    "added": N_("something added"),
    "dropped": N_("something left out"),
    "reordered": N_("words reordered"),
    "names": N_("names swapped"),
    "numbers": N_("other numbers"),
    "words": N_("words replaced"),
    "typos": N_("typos"),
    "alphabet": N_("other alphabet"),
    "lookalikes": N_("look-alike letters"),
    "spacing": N_("other spacing"),
    "case": N_("other capitals"),
    "punctuation": N_("other punctuation"),
    "emoji": N_("other emoji"),
}

PHOTO_CHANGES = {
    "mirrored": N_("mirrored"),
    "cropped": N_("cropped"),
    "rotated": N_("rotated"),
}

COUNTERS = {
    "followers": N_("followers"),
    "following": N_("following"),
    "friends": N_("friends"),
    "posts": N_("posts"),
    "likes": N_("likes"),
}

DEMOTIONS = {
    "quote": N_("a quotation"),
    "reported": N_("a report of what others said"),
    "negation": N_("a negation"),
    "sympathy": N_("a warning or words of support"),
    "past": N_("talk of the past"),
    "benign": N_("a harmless sense of the words"),
    "joke": N_("a joke"),
}

UNSUPPORTED = {
    "voice": N_("A voice message is kept, but cannot be read. Please write down what is said, or send a screenshot."),
    "audio": N_("An audio file is kept, but cannot be read. Please write down what is said, or send a screenshot."),
    "video": N_("A video is kept, but cannot be read. Please send a screenshot of the moment that matters."),
    "video_note": N_("A video is kept, but cannot be read. Please send a screenshot of the moment that matters."),
    "animation": N_("An animation is kept, but cannot be read. Please send a screenshot of it."),
    "sticker": N_("A sticker is kept, but cannot be read. If it is abuse, please send a screenshot of the chat."),
    "other": N_("This kind of message is kept, but cannot be read. Please send a screenshot or the text."),
}

FAILURES = {
    "image_too_many_bytes": N_("A picture is too large and was not fetched. Please send it as a photo."),
    "image_too_many_pixels": N_("A picture has too many pixels. Please send a smaller one, or a screenshot of it."),
    "image_too_large_side": N_("A picture is too long. Please send it in parts."),
    "image_not_an_image": N_("A file is not a picture that can be read. Please send it as a photo."),
    "image_format_not_allowed": N_("Pictures of this format cannot be read. Please send JPEG, PNG, WebP or HEIC."),
    "image_truncated": N_("A picture arrived incomplete. Please send it again."),
    "image_empty": N_("A file is empty. Please send it again."),
    "image_bomb": N_("A picture is damaged or built to do harm; it is kept, but was not opened."),
    "image_timeout": N_("A picture took too long to read; it is kept."),
    "image_memory": N_("A picture needs too much memory to read; it is kept."),
    "image_decode_failed": N_("A picture is damaged and cannot be read; it is kept. Please send it again."),
    "image_crashed": N_("A picture could not be read; it is kept. Please send a screenshot of it."),
    "image_stopped": N_("A picture could not be read just now; it is kept. Please send it again."),
    "image_missing": N_("A picture did not arrive. Please send it again."),
    "image_gone": N_("Telegram no longer has a picture. Please send it again."),
    "text_timeout": N_("A text took too long to check; it is kept."),
    "text_memory": N_("A text needs too much memory to check; it is kept."),
    "text_crashed": N_("A text could not be checked; it is kept."),
    "text_stopped": N_("A text could not be checked just now; it is kept. Please send it again."),
}
REMARKS = {
    "image_moves": N_("A picture moves: only its first frame was looked at. The rest is kept."),
}
FAILURE = N_("Something in this submission could not be read; it is kept.")

REFUSALS = {
    "chat_unknown": N_("This chat is not on the list. /digest shows those that are."),
    "chat_not_allowed": N_(
        "Digests may not come to this chat yet. An administrator adds it: /chats add, written here."
    ),
    "chat_public": N_("This group is public: anybody could read its digests. Make it private first."),
    "chat_closed": N_("I cannot write in this group, or am not in it."),
    "chat_kind": N_("Digests go to members' own chats, to groups and to topics, not to channels."),
    "chat_not_yours": N_("You are not in this group."),
    "chat_words": N_("Write /chats add or /chats remove in the group that is meant."),
    "digest_forgotten": N_("This digest is not there any more."),
    "digest_words": N_(
        "A word of this is not understood. Examples: /digest 08:30 · /digest weekly mon · /digest mon thu 9:00 ky ·"
        " /digest off"
    ),
    "export_empty": N_("Which threats or cases? /export alone says how."),
    "export_unknown": N_("There is no threat or case with this number."),
    "export_word_unknown": N_("A word of this order is not understood. /export alone says how."),
    "export_numbers_many": N_("These are too many numbers for one order. Please name a smaller span, or a query."),
    "export_nothing": N_("Nothing in the threat log answers this."),
    "export_forgotten": N_("This order is forgotten. Please write /export anew."),
    "export_too_many": N_("These are more cases than one export may hold. Please ask for fewer."),
    "export_too_large": N_(
        "This evidence is too large for Telegram (50 MB). Please name fewer cases, or have it made on the server:"
        " kalkan export evidence."
    ),
    "spike_unknown": N_("There is no spike with this number. /spikes lists them."),
    "watch_form": N_('Please write: /watch 2026-10-06 20:00 +4h "livestream" target:name. The target may be left out.'),
    "watch_past": N_("This window is over already."),
    "watch_length": N_("A window is longer than nothing, and lasts seven days at most."),
    "watch_far": N_("A window may begin within a year."),
    "watch_target_unknown": N_("There is nobody, or more than one, of this name under protection. /staff lists them."),
    "watch_number": N_("Which one? Its number stands in the list: W-2, P-5."),
    "published_no_link": N_("Please send the link to the story: /published https://… title"),
    "published_known": N_("This story is noted already. /published lists them."),
    "farm_unknown": N_("There is no farm with this number. /farms lists them."),
    "farm_order_unknown": N_(
        "To a farm one can say: name and the name, add and a link with the reason, drop and a link. "
        "Example: /farm F-3 add https://… the reason"
    ),
    "farm_reason_missing": N_("Please say why too: /farm F-3 add https://… the reason"),
    "farm_name_taken": N_("Another farm has this name already."),
    "farm_link_gone": N_("This suggestion is no longer there."),
    "curator_unknown": N_("There is no record with this number. /curator lists them."),
    "curator_order_unknown": N_("Please write: /curator add B2 Name, or /curator P-1 link F-3 B2 2020-07 the reason"),
    "curator_name_missing": N_("Please give a name: /curator add B2 Name"),
    "curator_tie_unclear": N_("Please name a farm and the reason: /curator P-1 link F-3 B2 2020-07 the reason"),
    "workreport_empty": N_("A work report is a picture or words. Please send one of them."),
    "workreport_unknown": N_("There is no work report with this number. /workreports lists them."),
    "totp_needed": N_(
        "Please send the six digits of your authenticator within 5 minutes: then your request goes on by itself."
    ),
    "totp_unset": N_("This takes a second factor, and you have none yet. /totp sets it up; it takes a minute."),
    "totp_locked": N_("Too many wrong codes. Please try again in 15 minutes."),
    "totp_gone": N_("This key is not shown any more. /totp makes a new one."),
    "totp_idle": N_("You have not been here for a long time. Please send the six digits of your authenticator first."),
    "totp_idle_unset": N_(
        "You have not been here for a long time. Please ask another administrator: /totp reset and your number."
    ),
    "totp_idle_wake": N_(
        "You have not been here for a long time. /totp asks a security lead or an administrator to let you on."
    ),
    "audit_words": N_("Please write: /audit, a member's number, since when, and saw, searched, exported or changed."),
    "act_unknown": N_("This does not wait for a second person any more."),
    "not_frozen": N_("Nobody with this number is frozen. /thaw lists who is."),
    "not_locked": N_("The newsroom is not locked down."),
    "not_allowed": N_("This is not available to you. /help shows what is."),
    "case_growing": N_("Something is still coming in to this case. Please try again in a minute."),
    "erasure_ground": N_("On what ground? For example: /forget K-12 the person asked for it"),
    "forget_words": N_(
        "What is to be erased, and on what ground? /forget K-12 why · an account: /forget LINK why · the owner of a "
        "photo: /forget O-3 why, or /forget owner K-12 why · former staff: /forget staff NAME; why · a former member: "
        "/forget @NAME; why · yourself: /forget me. The ground stands in the log: name nobody in it."
    ),
    "person_unknown": N_("There is nobody of that kind, or they were erased already."),
    "staff_not_former": N_("Nobody who was taken off the list of staff is called so. Take them off first: /staff"),
    "member_not_removed": N_("No removed member is called so. End the membership first: /remove"),
    "member_ambiguous": N_("Several removed members are called so. Please give the number: /forget @3 why"),
    "account_was_erased": N_(
        "This account was erased for good by two people: it is not listed again. Ask the security lead why."
    ),
    "case_unknown": N_("There is no case with this number. /mine lists yours."),
    "undo_own_only": N_("Only the person who sent it can undo it."),
    "note_without_case": N_("There is no case of yours since yesterday that this could belong to."),
    "staff_unknown": N_("This person is no longer on the list. /staff shows it."),
    "staff_name_missing": N_("Please give a name: /staff add Name; other spelling; nickname"),
    "author_link_missing": N_("There is no link to a profile in this. Please send one."),
    "account_unknown": N_("No such account is on the list. /fakes searches the list."),
    "account_ambiguous": N_("Several accounts match. Please send a link to the profile."),
    "account_lines_unknown": N_(
        "Nothing in this is understood. Each line begins with what it is, for example: work: … or praised: …"
    ),
    "account_same": N_("This is one and the same account."),
    "account_merged_already": N_("One of these two is a part of another account already."),
    "account_not_merged": N_("This account is no part of another one."),
    "account_not_split": N_("Nothing was split off this account that could be brought back."),
    "account_kind_unknown": N_("The type is “hired” or “attached to” somebody."),
    "merge_of_two": N_("Please name two accounts: /merge and two links or handles, on a line each."),
    "fact_empty": N_("There is nothing in this. Please write it in words."),
    "tag_unknown": N_("There is no such mark. The buttons show which there are."),
    "tag_without_reason": N_("A mark needs an explanation: what shows it?"),
    "day_wrong": N_("This is no day. Examples: 01.10.2026, 2026-10-01"),
    "number_wrong": N_("This is no number that fits here."),
    "exchange_too_large": N_("This exchange file is larger than any that Kalkan writes. I did not take it."),
    "exchange_no_file": N_("This is no exchange file, or it was cut short on its way. Please ask for it again."),
    "exchange_version": N_("This exchange file was made by a newer Kalkan: ours must be updated first."),
    "exchange_signature": N_("The signature is wrong: the file was changed after it was signed. I did not take it."),
    "exchange_wrong": N_("This file holds what no exchange file may hold. I did not take it."),
    "exchange_days": N_("An item may hold for at most two years."),
    "exchange_empty": N_("There is nothing to share yet: only what two people confirmed is shared."),
    "exchange_gone": N_("This file is not here any more. Please send or make it anew."),
    "exchange_unknown_key": N_("Nobody here has accepted the key of this file: it cannot be taken in."),
    "exchange_withdrawn": N_("What this newsroom says was withdrawn here. Put it back first: /exchange"),
    "exchange_old": N_("A file as new as this one, or newer, was taken in already. Nothing was changed."),
    "exchange_too_many": N_("This newsroom says more than can be kept of one partner. Nothing was changed."),
    "exchange_unknown_partner": N_("There is no such partner any more."),
    "list_format": N_("This is no list that can be read. Please send CSV or XLSX."),
    "list_empty": N_("There is nothing in this list."),
    "list_unknown": N_("This list is not here any more. Please send it again with /import."),
    "list_without_accounts": N_("No column says which account it is: there must be a link, a handle or a number."),
    "file_broken": N_("This file is damaged and cannot be read."),
    "file_too_large": N_("This file is too large."),
    "staff_not_watched": N_("Only people who agreed to be watched for can have a photo here."),
    "account_not_named": N_("It is not known which account wrote this. Press “Who wrote this?” first."),
    "fake_link_missing": N_("Please add a link to the profile: /fake https://… and the reason on the next line."),
    "batch_unknown": N_("There is no import of this name with accounts to confirm."),
    "role_unknown": N_("There is no such role. The roles are journalist, editor, security and admin."),
    "zone_unknown": N_("There is no such time zone. Example: /settings zone Asia/Bishkek"),
    "setting_unknown": N_("There is no such setting or value. /settings shows examples."),
    "limit_wrong": N_("This limit must be a whole number within its bounds. /settings shows examples."),
    "member_unknown": N_("There is no such member. /members lists everybody."),
    "case_without_text": N_("This case has no text that could be put on the list."),
    "threat_word_empty": N_("Please write the word too, for example: /words add death: reap*"),
    "threat_word_too_long": N_("This is too long for a threat word: six words at most."),
    "threat_word_too_short": N_("This is too short: a word needs four letters, or five before a star."),
    "threat_word_unreadable": N_("A threat word is letters only; a star may end a word, for example: reap*"),
    "find_empty": N_("Please write the text behind the command, for example: /find Everybody knows who pays you."),
    "text_too_long": N_("This text is too long to be compared. Please send its most telling part."),
    "text_unreadable": N_("This text could not be read. Please send a part of it."),
    "find_outdated": N_("This text is not stored any more. Please look it up again: /find and the text."),
    "copy_unknown": N_("This text is not stored any more. Please open the copies again."),
    "copy_same": N_("This is the same text, letter by letter: it cannot be told apart."),
    "campaign_unknown": N_("There is no campaign with this number. /campaigns lists them."),
    "campaign_same": N_("These two are one campaign already."),
    "campaign_text_unknown": N_("This text is no longer in the campaign. Please open the campaign again."),
    "campaign_single_text": N_("This campaign has one text only: there is nothing to split off."),
    "since_unknown": N_("There is no such day. Examples: /campaigns 7d, /campaigns 01.10.2026, /campaigns 2026-10-01"),
    "difference_gone": N_("This copy is no longer listed. Please open the copies again."),
    "photo_pair_gone": N_("These two photos are no longer listed. Please open the case again."),
    "photo_pairs_none": N_("No stored photo is like those of this case."),
    "photo_same_file": N_("This is the very same file: there is nothing to compare."),
    "photo_unknown": N_("This photo is not stored any more. Please open the case again."),
    "owner_name_missing": N_("There is no name in this. Please send the name of the person on the photo."),
    "owner_photo_missing": N_(
        "Which photo is it? Please write /owner in reply to a picture, under a picture, or with the number of a case: "
        "/owner K-12"
    ),
    "owner_photo_ambiguous": N_(
        "This case has several pictures. Please write /owner in reply to the one that you mean."
    ),
    "owner_of_others": N_("A colleague has recorded whose photo it is. An editor or a security lead can correct it."),
    "screen_unknown": N_("This is no longer there as it was read. Please open the case again."),
    "correction_empty": N_("There is nothing in this. Please send the right text, or a dash if it is no comment."),
    "threat_not_sealed": N_("The words of this record are not sealed: they stand on its card."),
    "threat_unknown": N_("There is no such record that you could see. /threats lists them."),
    "threat_missing": N_("Which record is it? For example: /status T-4 police"),
    "status_unknown": N_(
        "There is no such status. There are: new, confirmed, platform, police, lawyer, resolved, dismissed."
    ),
    "restrict_what": N_("Which case is it? For example: /restrict K-12 @Ainura, or T-5, or I-3"),
    "person_unclear": N_("I cannot tell whom you mean. Please write a name from /members, or its number there."),
    "not_restricted": N_("It is not restricted: everybody sees it as their role has it."),
    "restriction_needs_lead": N_("Somebody who leads security must stay among them. Please name another lead first."),
    "case_held": N_("The security leads see to this case now. Please tell them what is to be changed."),
    "assignee_unknown": N_("There is no such colleague, or several, who could see to it."),
    "note_empty": N_("There is nothing in this note."),
    "name_missing": N_("There is no name in this."),
    "record_empty": N_("There is nothing in this."),
    "record_number": N_("Please send a whole number, for example: 12"),
    "record_position": N_("Please send latitude and longitude, for example: 42.8746, 74.5698"),
    "summary_named": N_("This is published: please write it without names."),
    "query_forgotten": N_("This query is forgotten. Please ask it again with /threats."),
    "incident_unknown": N_("There is no such incident that you could see."),
    "incident_same": N_("These two are one incident already."),
    "alarm_unknown": N_("This alarm did not go to you, or is gone."),
    "not_on_roster": N_("You are not on the roster. /duty shows how to join."),
    "hours_unknown": N_("Please write quiet hours like this: /duty 22:00-07:00"),
    "takedown_missing": N_("Which account or post is it? /takedown and a link, or the handle of a listed account."),
    "takedown_unknown": N_("There is no such report. /takedowns lists them."),
    "takedown_cleared": N_("This account was checked and cleared: it is not reported."),
    "takedown_not_removed": N_("Only an account whose report ended with “removed” can be noted as gone."),
    "takedown_query_forgotten": N_("This query is forgotten. Please ask it again with /takedowns."),
    "takedown_platform_missing": N_("For which platform is the list? For example: /takedowns batch facebook"),
    "takedown_batch_empty": N_(
        "There is nothing for this list: every confirmed account of the platform has been reported already."
    ),
    "takedown_batch_unknown": N_("There is no such list. /takedowns shows what waits."),
    "outreach_unknown": N_("There is no such thread. /outreach lists them."),
    "outreach_no_owner": N_("Nobody has recorded yet whose photo it is. /owner in reply to the picture records it."),
    "label_missing": N_("Which account is it? /label and a link, or the handle of a confirmed account."),
    "label_not_confirmed": N_(
        "There is no public note about this account: only what two people have confirmed may be said in public."
    ),
    "label_unknown": N_("There is no such note."),
    "label_stands": N_("This account was not cleared: there is nothing to correct."),
    "report_windows_wrong": N_(
        "Please write two periods like this: /report 2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31"
    ),
    "report_forgotten": N_("This report is forgotten. Please ask for it again with /report."),
    "coding_nothing_there": N_("No posts of these periods have been imported: there is nothing to code."),
    "coding_not_yours": N_("This post is not yours to code any more. /code shows the next one."),
    "coding_settled": N_("A third colleague has decided on this post since: it cannot be undone."),
    "button_not_yours": N_("This button is out of date, or not for you. Please send its command again."),
    "button_changed": N_("This message has changed meanwhile. Please look at it and press again."),
    "button_spent": N_("This was pressed already."),
}


def word(t: Translator, table: dict[str, str], code: str) -> str:
    """The word for a code, in the reader's language; the code itself when no word is known."""
    return t.gettext(table[code]) if code in table else code


def platform(code: str) -> str:
    """A platform's own name."""
    return PLATFORMS.get(code, code)


def account_name(label: str) -> str:
    """`facebook:some.handle` as people write it; any other text, such as a mere name, stays as it is."""
    code, _, handle = label.partition(":")
    if code == "other" and handle:
        return handle
    return f"{platform(code)} · {handle}" if handle and code in PLATFORMS else label


def lister(t: Translator, name: str) -> str:
    """Who listed an account; the command line's imports have no person's name."""
    return t.gettext("an import") if name == "command line" else name


def roles(t: Translator, codes: str) -> str:
    """Role codes joined by commas, in words."""
    return ", ".join(word(t, ROLES, code) for code in codes.split(",") if code)
