"""What the phone says in English, by name; placeholders are filled by `domain.speaking`."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "greeting": (
        "Hello, this is {organization}. You asked us to connect you with {purpose}. "
        "To go on, press 1. For no more calls, press 9."
    ),
    "greeting_again": (
        "Hello, this is {organization}. You asked us to connect you with {purpose}. "
        "Now: press 1. Later: press 2. No more calls: press 9."
    ),
    "greeting_slot": (
        "Hello, this is {organization} with your call to {purpose}. "
        "Now: press 1. Later, or change: press 2. No more calls: press 9."
    ),
    "greeting_call_in": (
        "Hello, this is {organization}. We connect you with {purpose}. "
        "To go on, press 1. To be rung back instead, press 2."
    ),
    "greeting_withheld": (
        "Hello, this is {organization}. We connect you with {purpose}. To go on, press 1."
    ),
    "greeting_campaigns": "Hello, this is {organization}. {menu}",
    "campaign_choice": "For {words}, press {key}.",
    "again": "Let me say it again.",
    "thanks": "Thank you.",
    "identity": "This was {organization}, {phone}. Goodbye.",
    "opt_out_confirm": "For no more calls from us, press 9. To go on with this call, press 1.",
    "opted_out": "We will not call this number again. If that was a mistake, press 1 now.",
    "opt_out_undone": "That is undone. Thank you.",
    "crosses_state_line": "Your ZIP crosses a state line.",
    "state_choice": "If you live in {words}, press {key}.",
    "state_not_sure": "If you are not sure, press 0.",
    "several_districts": "Your ZIP lies in more than one district.",
    "district_choice": "If {words} is yours, press {key}.",
    "vacant_choice": "If you live in district {words}, whose seat is empty, press {key}.",
    "district_not_sure": "Not sure, press 0.",
    "by_post_office": "Then we go by your post office: {city}, {state}.",
    "senators_only": "Then we call your senators, and leave the House out.",
    "house_unsure": "Then we cannot tell who represents you. Our page finds it by street address.",
    "ask_zip": "Please key the five digits of the ZIP where you live.",
    "zip_heard": "{zip}, {city}.",
    "zip_only_mail": "{zip}, {city}. That ZIP is only for mail.",
    "zip_one_organization": "{zip}, {city}. That ZIP belongs to a single organization.",
    "zip_no_streets": "{zip}, {city}. We do not know the streets of that ZIP.",
    "ask_home_zip": "Please key the ZIP of your home. If you have no other, press pound.",
    "zip_not_understood": "A ZIP has five digits. Let us try once more.",
    "zip_unknown": "We do not find that ZIP. Let us try once more.",
    "zip_nobody": "Nobody in Congress is elected there. Please key the ZIP where you vote.",
    "house_vacant": "Your seat in the House is empty at the moment.",
    "no_target": "For that ZIP there is nobody to call in this campaign now.",
    "line_one": "We connect you with {target}.",
    "line_many": "{ordinal} of {count}: {target}.",
    "closed": "The office is closed now. Stay on to leave a message.",
    "brief_ready": "When you are ready to be connected, press 1. Here is what to say.",
    "brief_mailbox": "If you reach a mailbox, leave the same message. It counts.",
    "brief_keys": "To be connected now, press 1. To hear that again, press star.",
    "brief_keys_branches": (
        "To be connected, press 1. To hear your reply: {branches} "
        "To hear all of it again, press star."
    ),
    "brief_short": "When you are ready to be connected, press 1.",
    "brief_open": "To be rung when they open, press 5.",
    "brief_later": "To be rung at another time, press 5.",
    "branch_support": "If they support it, press 2.",
    "branch_oppose": "If they oppose it, press 3.",
    "branch_unsure": "If they are unsure, press 4.",
    "say_support": "If they support it, say:",
    "say_oppose": "If they oppose it, say:",
    "say_unsure": "If they are unsure, say:",
    "reply_keys": "To be connected now, press 1. Your reply: {branches} Again, press star.",
    "connecting_first": (
        "Connecting you. Nothing is recorded. When you are done, press star; do not hang up."
    ),
    "connecting_first_district": (
        "Connecting you with the office in {city}. Nothing is recorded. "
        "When you are done, press star; do not hang up."
    ),
    "connecting": "Connecting you. Press star when you are done.",
    "welcome_back": "Welcome back.",
    "option": "{words}: press {key}.",
    "read_back": "You said: {answers}. To change that, press star.",
    "line_busy": "The {city} line is busy.",
    "line_no_answer": "Nobody answered in {city}.",
    "line_failed": "The {city} number did not connect.",
    "line_crowded": "That office already has several of our calls.",
    "trying": "Thank you for trying.",
    "mailbox_counts": "Offices count those.",
    "offer_next": ("{line} To talk to the office now, press 1. To skip it, press pound."),
    "offer_other": (
        "{member} has an office in {city}. It is open. "
        "To call it now, press 1. To skip it, press pound."
    ),
    "offer_later": "To go on at another time, press 5.",
    "offer_ring_back": (
        "Every office has as many of our calls as it can take. The wait is about {wait}. "
        "To be rung back then, press 1. To stop here, press pound."
    ),
    "offer_wait": (
        "Every office has as many of our calls as it can take. Please try again in {wait}."
    ),
    "pause": (
        "Next: {next}. To go on, press 1. For a break of 15 minutes, press 2. To finish, press 3."
    ),
    "ring_back": "We ring you in {wait}. Goodbye.",
    "later_quarter": "In 15 minutes",
    "later_hour": "In an hour",
    "later_when": "At another time",
    "later_move": "To move these calls",
    "later_stop": "To stop these calls",
    "when_hour": "In an hour",
    "when_afternoon": "This afternoon",
    "when_tomorrow_morning": "Tomorrow morning",
    "when_tomorrow_afternoon": "Tomorrow afternoon",
    "when_next_week": "This time next week",
    "when_own": "At another hour",
    "go_on_now": "To go on now, press pound.",
    "ask_day": (
        "On which day? Monday: press 1. Tuesday: press 2. Wednesday: press 3. "
        "Thursday: press 4. Friday: press 5. On the same day: press 6."
    ),
    "ask_hour": "Key the hour, such as 2 for two o'clock, then press pound.",
    "hour_not_fitting": "We do not ring at that hour. Let us try once more.",
    "confirm_ring": (
        "We ring you {when}. If that is right, press 1. For another time, press star."
    ),
    "confirm_open": (
        "They open {when} on your clock. To be rung then, press 1. For another time, press star."
    ),
    "confirm_slot": (
        "From now on we ring you {when}. If that is right, press 1. For another hour, press star."
    ),
    "ring_back_at": "We ring you {when}. Goodbye.",
    "slot_moved": "From now on we ring you {when}. Goodbye.",
    "slot_stopped": "Those calls are stopped.",
    "stopped": "We stop here. What you told us is kept.",
    "turn_spent_today": "We have made all the calls that we can for today.",
    "turn_spent": "We have made all the calls that we can.",
    "turn_nobody": "There is nobody left to call now.",
    "last": "That was the last one. Thank you for calling.",
    "last_only": "Thank you for calling.",
    "sorry": (
        "Sorry, something went wrong on our side. What you told us is kept. "
        "Please try again in a while."
    ),
    "unavailable": "Sorry, this number takes no calls at the moment.",
    "paused": "This campaign is paused, so we cannot connect you now. Nothing you told us is lost.",
}
