"""A campaign's folder: read within bounds, digested, written back; pictures and recordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbridge.errors import CampaignProblemsError, RefusedError
from callbridge.library import files as folder
from callbridge.library.export import export
from callbridge.library.files import digest, files_of
from callbridge.library.reading import check, read
from tests.library.documents import GOOD, SHIPPED, errors, files

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
PICTURE = 'x\n\n![a river](river.png "Photo: Ada")\n'


def with_picture(page: str = PICTURE, **found: bytes) -> list[str]:
    named = {name.replace("_", "."): content for name, content in found.items()}
    return [str(p) for p in check("river", {**GOOD, "page.md": page.encode(), **named})]


def test_a_folder_is_read_without_hidden_files_and_leftovers(tmp_path: Path) -> None:
    export({**GOOD, "es/page.md": b"x"}, tmp_path / "river")
    for name in (".DS_Store", "page.md~", ".git/config"):
        path = tmp_path / "river" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    assert files_of(tmp_path / "river") == {**GOOD, "es/page.md": b"x"}


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    export(GOOD, tmp_path / "river")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("x")
    (tmp_path / "river" / "key.md").symlink_to(tmp_path / "secret" / "key")
    (tmp_path / "river" / "more").symlink_to(tmp_path / "secret")
    with pytest.raises(CampaignProblemsError) as refused:
        files_of(tmp_path / "river")
    problems = refused.value.extra["problems"]
    assert [p.file for p in problems] == ["key.md", "more"]  # type: ignore[attr-defined]


def test_a_link_inside_the_folder_is_fine(tmp_path: Path) -> None:
    export(GOOD, tmp_path / "river")
    (tmp_path / "river" / "audio").mkdir()
    (tmp_path / "river" / "audio" / "copy.md").symlink_to(tmp_path / "river" / "page.md")
    assert files_of(tmp_path / "river")["audio/copy.md"] == GOOD["page.md"]


def test_a_folder_that_is_too_big_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(GOOD, tmp_path / "river")
    monkeypatch.setattr(folder, "MOST_BYTES", 30)
    with pytest.raises(CampaignProblemsError, match="is the most"):
        files_of(tmp_path / "river")
    monkeypatch.setattr(folder, "MOST_BYTES", 10_000)
    monkeypatch.setattr(folder, "MOST_FILES", 2)
    with pytest.raises(CampaignProblemsError, match="more than"):
        files_of(tmp_path / "river")


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CampaignProblemsError, match="There is no folder 'river'"):
        files_of(tmp_path / "river")


def test_a_digest_knows_names_and_contents_and_no_order() -> None:
    assert digest(GOOD) == digest(dict(reversed(GOOD.items())))
    assert len(digest(GOOD)) == 64
    others = [
        {**GOOD, "page.md": b"other"},
        {**GOOD, "a": b""},
        {name + "x": content for name, content in GOOD.items()},
        {"ab": b"c"},
        {"a": b"bc"},
        {},
    ]
    assert len({digest(found) for found in [GOOD, *others]}) == 7


@pytest.mark.parametrize("slug", [path.name for path in SHIPPED.iterdir() if path.is_dir()])
def test_what_is_exported_is_what_was_read(slug: str, tmp_path: Path) -> None:
    found = files_of(SHIPPED / slug)
    written = export(found, tmp_path / "out" / slug)
    assert len(written) == len(found)
    assert files_of(tmp_path / "out" / slug) == found


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "a\\b", ""])
def test_no_name_leads_out_of_the_folder_of_an_export(name: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        export({"page.md": b"x", name: b"x"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(RefusedError, match="is not empty"):
        export(GOOD, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_picture_is_lifted_out_of_the_page() -> None:
    found = read("river", {**GOOD, "page.md": PICTURE.encode(), "river.png": PNG}).wording()
    assert found.picture is not None
    assert (found.picture.file, found.picture.alt) == ("river.png", "a river")
    assert found.picture.credit == "Photo: Ada"
    assert found.page_html == "<p>x</p>"


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("![](river.png 'Photo: A')", "The picture has no description for people who cannot see"),
        ("![a](river.png)", "page.md, line 1: The picture has no credit. Write ![what it shows]"),
        ("![a](rivr.png 'P')", "There is no picture 'rivr.png' in the folder. Did you mean 'riv"),
        ("![a](https://x.org/a.png 'P')", "The picture lies on another site"),
        ("![a](//x.org/a.png 'P')", "The picture lies on another site"),
        ("![a](river.png 'P')\n\n![b](river.png 'P')", "page.md, line 3: This is a second"),
        ("x\ny\n![a](river.png)\nz", "page.md, line 3: The picture has no credit."),
        ("![a](page.md 'P')", "'page.md' is not a picture."),
    ],
)
def test_a_spoilt_picture_says_what_to_write(page: str, complaint: str) -> None:
    found = with_picture(page, river_png=PNG)
    assert any(complaint in one for one in found), found


def test_a_file_that_lies_about_being_a_picture_is_refused() -> None:
    assert (
        "river.png: This file is not what its name says (png)."
        in with_picture(river_png=b"<html>")[0]
    )


@pytest.mark.parametrize(
    "active",
    [
        b"<svg><script>x</script></svg>",
        b'<svg onload="x"></svg>',
        b'<svg><a href="javascript:x"/></svg>',
        b'<svg><image href="https://x.org/a.png"/></svg>',
        b"<svg><foreignObject/></svg>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg></svg>',
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(active: bytes) -> None:
    page = PICTURE.replace("png", "svg")
    assert with_picture(page, river_svg=SVG) == []
    assert "river.svg, line 1: This drawing holds" in with_picture(page, river_svg=active)[0]


def test_a_recording_is_found_by_the_name_of_its_prompt() -> None:
    found = {**GOOD, "audio/greeting.mp3": b"ID3..", "audio/trying.wav": b"RIFF.."}
    assert read("river", found).wording().audio == {
        "greeting": "audio/greeting.mp3",
        "trying": "audio/trying.wav",
    }


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("audio/greting.mp3", b"ID3", "There is no prompt 'greting'. Name it greeting.mp3."),
        ("audio/greeting.ogg", b"OggS", "A recording is an .mp3 or a .wav file."),
        ("audio/greeting.mp3", b"<html>", "This file is not what its name says (mp3)."),
    ],
)
def test_a_spoilt_recording_says_what_to_do(name: str, content: bytes, complaint: str) -> None:
    assert complaint in str(check("river", {**GOOD, name: content})[0])


def test_one_prompt_cannot_be_recorded_twice() -> None:
    found = {**GOOD, "audio/greeting.mp3": b"ID3", "audio/greeting.wav": b"RIFF"}
    assert "'greeting' is recorded twice." in str(check("river", found)[0])


TOML = GOOD["campaign.toml"].decode() + "[prompts]\n"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('welcom_back = "x"', "'welcom_back' is not a key in [prompts]. Did you mean 'welcome_b"),
        ('thanks = "Thanks, {city}."', "{city} is not a placeholder. Here {organization} can"),
        ('trying = "Try {member}."', "{member} cannot stand in the prompt 'trying'."),
        ('option = "Press {key}."', "The prompt 'option' must have {words} in it."),
        (f'thanks = "{"word " * 700}"', "has 3,499 characters; the voice takes 3,000."),
        ("thanks = 5", "'thanks' must be words."),
    ],
)
def test_a_spoilt_prompt_says_what_to_write(line: str, complaint: str) -> None:
    found = errors(campaign_toml=TOML + line + "\n")
    assert len(found) == 1
    assert complaint in found[0]


def test_a_prompt_that_forgets_a_key_is_pointed_out() -> None:
    toml = TOML + 'greeting = "This is {organization}. Press 1."\n'
    found = [str(problem) for problem in check("river", files(campaign_toml=toml))]
    assert len(found) == 1
    assert "The prompt 'greeting' does not say key 9" in found[0]
