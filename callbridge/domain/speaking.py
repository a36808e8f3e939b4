"""What a call says and does next, from the call alone: the same call always says the same."""

from __future__ import annotations

from collections.abc import Mapping

from callbridge.domain import spoken, spoken_times
from callbridge.domain.call import Asking, Call, Choice, Stage, Target
from callbridge.domain.campaign import BRANCH_KEYS, Branch, Campaign, Wording
from callbridge.domain.congress import Office
from callbridge.domain.instructions import Ask, Bridge, HangUp, Instruction, Say
from callbridge.domain.prompts import defaults, fill
from callbridge.domain.spoken import Organization
from callbridge.domain.states import state_name

# Seconds of silence waited for a key (design section 4).
GREETING_SECONDS = 6
MENU_SECONDS = 8
READ_BACK_SECONDS = 2
LAST_READ_BACK_SECONDS = 4
UNDO_SECONDS = 5


def speak(call: Call, campaign: Campaign, *, organization: Organization) -> tuple[Instruction, ...]:
    """Return what to say, ask or dial now."""
    return _Voice(call, campaign, organization).instructions()


class _Voice:
    """One call's words in its language, with the placeholders' values."""

    def __init__(self, call: Call, campaign: Campaign, organization: Organization) -> None:
        self.call = call
        self.campaign = campaign
        self.wording: Wording = campaign.wording(call.language)
        self.language = self.wording.language
        self.prompts = {**defaults(self.language), **self.wording.prompts}
        self.organization = organization
        self.values = self._values()

    def instructions(self) -> tuple[Instruction, ...]:
        call = self.call
        if call.stage in {Stage.ENDED, Stage.PLACING}:
            return (HangUp(),)
        if call.opted_out:
            return (*self._lead(), self._ask("opted_out", seconds=UNDO_SECONDS), *self._end())
        if call.opting_out:
            return (*self._lead(), *self._menu("opt_out_confirm", times=2), *self._end())
        if call.stage is Stage.BRIDGING:
            return self._bridge()
        match call.asking:
            case Asking.CAMPAIGN:
                return (*self._lead(), *self._campaigns(), *self._end())
            case Asking.GO_ON:
                return (*self._lead(), *self._greeting(), *self._end())
            case Asking.ZIP | Asking.HOME_ZIP:
                return (*self._lead(), self._zip())
            case Asking.STATE | Asking.DISTRICT:
                return (*self._lead(), *self._places(), *self._end())
            case Asking.CONNECT:
                return (*self._lead(), *self._briefing(), *self._end())
            case Asking.QUESTION:
                return (*self._lead(), *self._question(), *self._end())
            case Asking.NEXT_TARGET | Asking.OTHER_OFFICE | Asking.RING_BACK | Asking.PAUSE:
                return self._offer()
            case Asking.LAST:
                return self._last()
            case Asking.LATER | Asking.WHEN | Asking.DAY | Asking.HOUR | Asking.CONFIRM:
                return (*self._lead(), *self._agreeing(), *self._end())
            case Asking.NOTHING:
                return (*self._lead(), *self._farewell())

    # Words ------------------------------------------------------------------------------------

    def _values(self) -> Mapping[str, str]:
        call, language = self.call, self.language
        values = {
            "organization": self.campaign.organization or self.organization.name,
            "phone": spoken.phone(self.campaign.organization_phone or self.organization.phone),
            "purpose": self.wording.purpose,
            "city": call.city or "",
            "zip": spoken.digits(call.zip or ""),
            "state": state_name(call.state or ""),
            "time_of_day": spoken.daypart(call.daypart, language),
            "wait": spoken.wait(call.wait_seconds or 60, language),
            "count": spoken.count(len(call.targets), language),
            "when": self._when(),
        }
        if (target := call.current_target) is not None:
            values |= self._of(target)
        return values

    def _when(self) -> str:
        later = self.call.later
        if later is None:
            return ""
        if later.moving and later.minute is not None:
            return spoken_times.standing(later.days, later.minute, self.language)
        if later.at is None:
            return ""
        return spoken_times.moment(
            later.at, zone=later.zone, today=later.today, language=self.language
        )

    def _of(self, target: Target) -> dict[str, str]:
        index = self.call.target
        return {
            "member": spoken.member(target, self.language),
            "target": spoken.introduced(target, self.language),
            "title": spoken.title(target, self.language),
            "pronoun": spoken.pronoun(target.pronoun, self.language),
            "state": state_name(target.state),
            "ordinal": spoken.ordinal(index, self.language),
        }

    def _text(self, name: str, **more: str) -> str:
        return fill(self.prompts[name], {**self.values, **more})

    def _plain(self, text: str, audio: str | None = None) -> Say:
        return Say(text=text, language=self.language, audio=audio)

    def _say(self, name: str, **more: str) -> Say:
        return self._plain(self._text(name, **more), self.wording.audio.get(name))

    def _ask(self, name: str, *, seconds: int, **more: str) -> Ask:
        return Ask(say=(self._say(name, **more),), seconds=seconds)

    def _menu(self, name: str, *, times: int = 1, seconds: int = MENU_SECONDS) -> tuple[Ask, ...]:
        return (self._ask(name, seconds=seconds),) * times

    def _lead(self) -> tuple[Say, ...]:
        # Said apart and not interruptible, so that a doubled key dies here (design section 4).
        return tuple(self._say_lead(name) for name in self.call.lead)

    def _say_lead(self, name: str) -> Say:
        leg = self.call.current_leg
        if name.startswith("line_") and leg is not None and self._office_of_leg() is not None:
            office = self._office_of_leg()
            return self._say(name, city=office.city if office else "")
        return self._say(name)

    def _office_of_leg(self) -> Office | None:
        leg = self.call.current_leg
        offices = (office for target in self.call.targets for office in target.offices)
        return next((o for o in offices if leg is not None and o.id == leg.office), None)

    def _end(self) -> tuple[Instruction, ...]:
        return (self._say("identity"), HangUp())

    def _farewell(self) -> tuple[Instruction, ...]:
        promised = {"ring_back", "ring_back_at", "slot_moved"}
        return (HangUp(),) if promised & set(self.call.lead) else self._end()

    # Stages -----------------------------------------------------------------------------------

    def _greeting(self) -> tuple[Ask, ...]:
        name = "greeting_slot" if self.call.slot else "greeting"
        if self.call.unannounced and not self.call.slot:
            name = "greeting_again"
        if self.call.inbound:
            name = "greeting_call_in" if self.call.ringable else "greeting_withheld"
        return self._menu(name, times=2, seconds=GREETING_SECONDS)

    def _campaigns(self) -> tuple[Ask, ...]:
        lines = [self._choice("campaign_choice", choice) for choice in self.call.menu]
        asked = self._ask("greeting_campaigns", seconds=MENU_SECONDS, menu=" ".join(lines))
        return (asked, asked)

    def _zip(self) -> Ask:
        name = "ask_home_zip" if self.call.asking is Asking.HOME_ZIP else "ask_zip"
        say = (self._say(name),)
        return Ask(say=say, digits=5, seconds=6, finish_on="#", report_silence=True)

    def _choice(self, name: str, choice: Choice) -> str:
        return self._text(name, words=choice.words, key=choice.key)

    def _places(self) -> tuple[Ask, ...]:
        if self.call.asking is Asking.STATE:
            lines = [self._choice("state_choice", choice) for choice in self.call.menu]
            lines.append(self._text("state_not_sure"))
        else:
            lines = [
                self._choice(
                    "vacant_choice" if choice.words.isdigit() else "district_choice", choice
                )
                for choice in self.call.menu
            ]
            lines.append(self._text("district_not_sure"))
        asked = Ask(say=(self._plain(" ".join(lines)),), seconds=MENU_SECONDS)
        return (asked, asked)

    def _briefing(self) -> tuple[Ask, ...]:
        script = self.wording.script
        short = Ask(
            say=(self._say("brief_short"), *self._other_time("brief_later")), seconds=MENU_SECONDS
        )
        if self.call.branch is not None:
            branch = BRANCH_KEYS[self.call.branch]
            reply = self._plain(fill(script.replies[branch], self.values))
            keys = self._say("reply_keys", branches=self._branches(without=branch))
            return (Ask(say=(reply, keys), seconds=MENU_SECONDS), short)
        points = " ".join(part for part in (script.opening, script.talking_points) if part)
        # Whoever calls after hours hears at once that they may wait for the opening.
        wait = self._other_time("brief_open") if self.call.closed else ()
        say = [*wait, self._say("brief_ready"), self._plain(fill(points, self.values))]
        if script.voicemail:
            say.append(self._plain(fill(script.voicemail, self.values)))
        else:
            say.append(self._say("brief_mailbox"))
        if script.replies:
            say.append(self._say("brief_keys_branches", branches=self._branches()))
        else:
            say.append(self._say("brief_keys"))
        return (Ask(say=tuple(say), seconds=MENU_SECONDS), short)

    def _branches(self, *, without: Branch | None = None) -> str:
        replies = self.wording.script.replies
        return " ".join(
            self._text(f"branch_{branch.value}")
            for branch in Branch
            if branch in replies and branch is not without
        )

    def _bridge(self) -> tuple[Instruction, ...]:
        call, office = self.call, self.call.current_office
        if office is None or office.phone is None:
            return self._end()
        target = call.current_target
        elsewhere = target is not None and office.id != target.offices[0].id
        if len(call.legs) > 1:
            words = self._say("connecting")
        elif elsewhere:
            words = self._say("connecting_first_district", city=office.city)
        else:
            words = self._say("connecting_first")
        return (
            words,
            Bridge(phone=office.phone, show=self.campaign.caller_id, seconds=self.campaign.seconds),
        )

    def _question(self) -> tuple[Instruction, ...]:
        survey = self.wording.survey
        question = survey.question(self.call.question) if self.call.question else None
        if question is None:
            return ()
        options = " ".join(
            self._text("option", words=option.words, key=option.key) for option in question.options
        )
        whole = self._plain(f"{fill(question.words, self.values)} {options}")
        short = Ask(say=(self._plain(options),), seconds=GREETING_SECONDS)
        return (Ask(say=(whole,), seconds=GREETING_SECONDS), short, short)

    def _read_back(self, seconds: int) -> tuple[Ask, ...]:
        leg = self.call.current_leg
        if not self.call.read_back or leg is None:
            return ()
        words = []
        for given in leg.answers:
            question = self.wording.survey.question(given.question)
            option = question.meaning_of(given.meaning) if question else None
            if option is not None:
                words.append(option.words[:1].lower() + option.words[1:])
        if not words:
            return ()
        return (self._ask("read_back", seconds=seconds, answers=", ".join(words)),)

    def _offer(self) -> tuple[Instruction, ...]:
        call = self.call
        read_back = self._read_back(READ_BACK_SECONDS)
        lead = self._lead()
        # With a read-back only the first words stand before it; the others open the offer.
        before, inside = (lead[:1], lead[1:]) if read_back else (lead, ())
        offer = self._offer_words()
        first = Ask(say=(*inside, offer), seconds=GREETING_SECONDS)
        plain = call.asking in {Asking.RING_BACK, Asking.PAUSE}
        later = () if plain else self._other_time("offer_later")
        again = Ask(say=(offer, *later), seconds=GREETING_SECONDS)
        return (*before, *read_back, first, again, *self._end())

    def _other_time(self, name: str) -> tuple[Say, ...]:
        return (self._say(name),) if self.call.ringable else ()

    def _agreeing(self) -> tuple[Ask, ...]:
        call, later = self.call, self.call.later
        match call.asking:
            case Asking.LATER | Asking.WHEN:
                kind = "later" if call.asking is Asking.LATER else "when"
                lines = [
                    self._text("option", words=self.prompts[f"{kind}_{one.words}"], key=one.key)
                    for one in call.menu
                ]
                menu = self._plain(" ".join(lines))
                on = self._say("go_on_now")
                return (
                    Ask(say=(menu,), seconds=MENU_SECONDS),
                    Ask(say=(menu, on), seconds=MENU_SECONDS),
                )
            case Asking.DAY:
                return self._menu("ask_day", times=2)
            case Asking.HOUR:
                asked = Ask(
                    say=(self._say("ask_hour"),), digits=4, seconds=MENU_SECONDS, finish_on="#"
                )
                return (asked, asked)
            case _:
                name = "confirm_ring"
                if later is not None and (later.moving or later.opening):
                    name = "confirm_slot" if later.moving else "confirm_open"
                return self._menu(name, times=2)

    def _offer_words(self) -> Say:
        call = self.call
        match call.asking:
            case Asking.OTHER_OFFICE:
                office = call.current_office
                return self._say("offer_other", city=office.city if office else "")
            case Asking.RING_BACK:
                return self._say("offer_ring_back")
            case Asking.PAUSE if call.shift is not None and call.shift.turn:
                return self._say("pause", next=call.shift.campaigns[0].words)
            case Asking.PAUSE:
                return self._say("pause", next=self.values.get("target", ""))
            case _:
                name = "line_many" if len(call.targets) > 1 else "line_one"
                line = self._text(name)
                if call.closed:
                    line = f"{line} {self._text('closed')}"
                return self._say("offer_next", line=line)

    def _last(self) -> tuple[Instruction, ...]:
        name = "last" if len(self.call.legs) > 1 else "last_only"
        read_back = self._read_back(LAST_READ_BACK_SECONDS)
        return (*self._lead(), *read_back, self._say(name), *self._end())
