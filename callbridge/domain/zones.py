"""Where an area code is, when no ZIP says it: state and time zones; knows no subscriber.

A mobile number travels and keeps its code, so a ZIP always beats this. Codes that stand on both
sides of a time zone's border list every zone, and the window that is open in all of them holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EASTERN, CENTRAL = "America/New_York", "America/Chicago"
MOUNTAIN, PACIFIC = "America/Denver", "America/Los_Angeles"
ARIZONA, ALASKA, HAWAII = "America/Phoenix", "America/Anchorage", "Pacific/Honolulu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What an area code tells. `state` None: it is none of ours, so every state's zones hold."""

    state: str | None
    zones: tuple[str, ...]


# A code assigned after this table was written still rings by daylight everywhere in the states.
ANYWHERE = Area(state=None, zones=(EASTERN, CENTRAL, MOUNTAIN, PACIFIC, ARIZONA, ALASKA, HAWAII))

# Each state's zones (first the commonest) and its codes; `|` ends the codes of the first zone
# alone, those behind it lie in all of the state's zones.
_TABLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("AL", (CENTRAL,), "205 251 256 334 659 938"),
    ("AK", (ALASKA, "America/Adak"), "| 907"),
    ("AZ", (ARIZONA, MOUNTAIN), "480 520 602 623 | 928"),
    ("AR", (CENTRAL,), "327 479 501 870"),
    (
        "CA",
        (PACIFIC,),
        "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661"
        " 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951",
    ),
    ("CO", (MOUNTAIN,), "303 719 720 748 970 983"),
    ("CT", (EASTERN,), "203 475 860 959"),
    ("DE", (EASTERN,), "302"),
    ("DC", (EASTERN,), "202 771"),
    (
        "FL",
        (EASTERN, CENTRAL),
        "239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954"
        " | 448 850",
    ),
    ("GA", (EASTERN,), "229 404 470 478 678 706 762 770 912 943"),
    ("HI", (HAWAII,), "808"),
    ("ID", ("America/Boise", PACIFIC), "| 208 986"),
    ("IL", (CENTRAL,), "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872"),
    ("IN", (EASTERN, CENTRAL), "260 317 463 765 | 219 574 812 930"),
    ("IA", (CENTRAL,), "319 515 563 641 712"),
    ("KS", (CENTRAL, MOUNTAIN), "316 913 | 620 785"),
    ("KY", (EASTERN, CENTRAL), "502 859 | 270 364 606"),
    ("LA", (CENTRAL,), "225 318 337 457 504 985"),
    ("ME", (EASTERN,), "207"),
    ("MD", (EASTERN,), "227 240 301 410 443 667"),
    ("MA", (EASTERN,), "339 351 413 508 617 774 781 857 978"),
    ("MI", (EASTERN, CENTRAL), "231 248 269 313 517 586 616 679 734 810 947 989 | 906"),
    ("MN", (CENTRAL,), "218 320 507 612 651 763 924 952"),
    ("MS", (CENTRAL,), "228 471 601 662 769"),
    ("MO", (CENTRAL,), "235 314 417 557 573 636 660 816 975"),
    ("MT", (MOUNTAIN,), "406"),
    ("NE", (CENTRAL, MOUNTAIN), "402 531 | 308"),
    ("NV", (PACIFIC, MOUNTAIN), "702 725 | 775"),
    ("NH", (EASTERN,), "603"),
    ("NJ", (EASTERN,), "201 551 609 640 732 848 856 862 908 973"),
    ("NM", (MOUNTAIN,), "505 575"),
    (
        "NY",
        (EASTERN,),
        "212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929"
        " 934",
    ),
    ("NC", (EASTERN,), "252 336 472 704 743 828 910 919 980 984"),
    ("ND", (CENTRAL, MOUNTAIN), "| 701"),
    ("OH", (EASTERN,), "216 220 234 283 326 330 380 419 436 440 513 567 614 740 937"),
    ("OK", (CENTRAL,), "405 539 572 580 918"),
    ("OR", (PACIFIC, MOUNTAIN), "503 971 | 458 541"),
    ("PA", (EASTERN,), "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878"),
    ("RI", (EASTERN,), "401"),
    ("SC", (EASTERN,), "803 821 839 843 854 864"),
    ("SD", (CENTRAL, MOUNTAIN), "| 605"),
    ("TN", (CENTRAL, EASTERN), "615 629 731 901 | 423 729 931"),
    ("TN", (EASTERN,), "865"),
    (
        "TX",
        (CENTRAL, MOUNTAIN),
        "210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817 830 832 903 936"
        " 940 945 956 972 979 | 432",
    ),
    ("TX", (MOUNTAIN,), "915"),
    ("UT", (MOUNTAIN,), "385 435 801"),
    ("VT", (EASTERN,), "802"),
    ("VA", (EASTERN,), "276 434 540 571 686 703 757 804 826 948"),
    ("WA", (PACIFIC,), "206 253 360 425 509 564"),
    ("WV", (EASTERN,), "304 681"),
    ("WI", (CENTRAL,), "262 274 353 414 534 608 715 920"),
    ("WY", (MOUNTAIN,), "307"),
    ("AS", ("Pacific/Pago_Pago",), "684"),
    ("GU", ("Pacific/Guam",), "671"),
    ("MP", ("Pacific/Saipan",), "670"),
    ("PR", ("America/Puerto_Rico",), "787 939"),
    ("VI", ("America/St_Thomas",), "340"),
)


def _areas() -> dict[str, Area]:
    areas: dict[str, Area] = {}
    for state, zones, codes in _TABLE:
        alone, _, shared = codes.partition("|")
        areas |= {code: Area(state=state, zones=zones[:1]) for code in alone.split()}
        areas |= {code: Area(state=state, zones=zones) for code in shared.split()}
    return areas


AREAS: Mapping[str, Area] = _areas()


def area_of(phone: str) -> Area:
    """Return what the area code of an E.164 number says; ANYWHERE when the code is not known."""
    return AREAS.get(phone[2:5], ANYWHERE) if phone.startswith("+1") else ANYWHERE
