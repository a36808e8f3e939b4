"""One tree of errors, each with a sentence for the person who meets it; imports nothing of ours."""

from __future__ import annotations


class CallbridgeError(Exception):
    """Base of every error raised on purpose; `str(error)` is a sentence for a person.

    `type` is the word a program reads (problem-details `type`, `--json`), `status` the HTTP
    status a web edge answers with.
    """

    type = "error"
    status = 500

    def __init__(self, sentence: str, **extra: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra


class SettingsError(CallbridgeError):
    """A setting is missing or wrong; the boot stops with its sentence."""

    type = "settings"


class RefusedError(CallbridgeError):
    """Something a person asked for cannot be done, for a reason they can understand."""

    type = "refused"
    status = 422


class NotAZipError(RefusedError):
    """What was typed is not a ZIP code at all."""

    type = "not-a-zip"
    status = 400


class UnknownZipError(RefusedError):
    """Five digits, but no ZIP in use."""

    type = "unknown-zip"
    status = 404


class NobodyThereError(RefusedError):
    """A place whose people send nobody to Congress."""

    type = "nobody-there"
    status = 422


class ZipWithoutTargetError(RefusedError):
    """A real ZIP for which this campaign has nobody to call (military, vacant, senators of DC)."""

    type = "zip-without-target"


class PhoneError(RefusedError):
    """A number that cannot be rung (malformed, foreign, premium, toll-free)."""

    type = "phone"


class ConsentError(RefusedError):
    """The consent box was not ticked."""

    type = "consent"


class OptedOutError(RefusedError):
    """The owner of this number asked never to be called again."""

    type = "opted-out"
    status = 409


class InProgressError(RefusedError):
    """This number already has a call in progress."""

    type = "call-in-progress"
    status = 409


class PausedError(RefusedError):
    """The campaign is paused: no call starts by any door."""

    type = "paused"
    status = 409


class ClosedError(RefusedError):
    """Outside the campaign's own hours; the sentence says when it opens."""

    type = "closed"
    status = 409


class AppointmentError(RefusedError):
    """A time at which nobody can be rung: past, or outside the hours of the person's place."""

    type = "no-such-time"


class AlreadyPlannedError(RefusedError):
    """This number has a ring of this kind planned for this campaign already."""

    type = "already-planned"
    status = 409


class TooManyError(RefusedError):
    """A limit was reached: number, network, campaign or lookups."""

    type = "too-many"
    status = 429


class NotFoundError(RefusedError):
    """No such campaign, call or target."""

    type = "not-found"
    status = 404


class UsedUpError(RefusedError):
    """A link that serves once has served."""

    type = "used-up"
    status = 409


class NoCarrierError(RefusedError):
    """No telephone company is set up, so pages are shown and calls are refused."""

    type = "no-carrier"
    status = 503


class BudgetError(RefusedError):
    """The money for calls is spent."""

    type = "budget"
    status = 409


class CarrierError(CallbridgeError):
    """The carrier said no, or said nothing."""

    type = "carrier"
    status = 502


class CarrierRefusedError(CarrierError):
    """The carrier refused for good.

    `reason` is one of number, policy, account, request, stopped (its owner wants no texts).
    """

    type = "carrier-refused"

    def __init__(self, sentence: str, *, reason: str, code: int | None = None) -> None:
        super().__init__(sentence, reason=reason, code=code)
        self.reason = reason
        self.code = code


class CarrierBusyError(CarrierError):
    """429: certainly not processed, safe to send again later."""

    type = "carrier-busy"
    status = 503


class CarrierUnknownError(CarrierError):
    """Timeout, reset or 5xx: the call may or may not exist. Never send again without asking."""

    type = "carrier-unknown"


class ForgedHookError(CallbridgeError):
    """A hook whose signature does not verify."""

    type = "forged"
    status = 403


class DirectoryError(CallbridgeError):
    """The directory's snapshot or its sources cannot be read."""

    type = "directory"


class CampaignProblemsError(CallbridgeError):
    """A campaign document has problems; `extra["problems"]` lists them all."""

    type = "campaign-problems"
    status = 422


class ZipRefusedError(RefusedError):
    """A call was asked for with a ZIP that is none; `type` says which of the lookup's reasons."""

    def __init__(self, sentence: str, *, kind: str) -> None:
        super().__init__(sentence)
        self.type = kind


class DistrictError(RefusedError):
    """The district given is none of the ZIP's."""

    type = "district"


class ConflictError(CallbridgeError):
    """Somebody else moved the same call in between; nothing was stored, send it again."""

    type = "conflict"
    status = 503


class DatabaseError(CallbridgeError):
    """The database does not answer, or its tables are not the newest."""

    type = "database"
    status = 503


class DeliveryError(CallbridgeError):
    """A webhook's receiver or the mail server did not take something.

    `final`: this one will never be taken. `alone`: it says nothing about the others for the same
    receiver.
    """

    type = "delivery"
    status = 502

    def __init__(self, sentence: str, *, final: bool = False, alone: bool = False) -> None:
        super().__init__(sentence, final=final, alone=alone)
        self.final = final
        self.alone = alone


class PrintingError(CallbridgeError):
    """A report cannot be printed on this machine."""

    type = "printing"
    status = 503
