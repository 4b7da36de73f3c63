"""Experience goes out as one file without things and people, and comes in only whole and ours."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.clock import today
from bihuan.files.actions import accept_upload
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers.definition import Words
from bihuan.ledgers.models import Campaign, Ledger, Milestone
from bihuan.ledgers.tests.factories import plots
from bihuan.reports import actions
from bihuan.reports.documents import check_template
from bihuan.reports.experience import Experience, Goal, Paper, TeamWords, UnfitExperience, pack, unpack
from bihuan.reports.models import ReportTemplate
from bihuan.reports.tests import making
from bihuan.reports.writing.papers import names_of_ledger

GARDENS = Experience(
    definition=plots(),
    name=Words("小菜园清理", "Vegetable plots"),
    goal="全部清完",
    lessons="先易后难，党员带头。",
    days=60,
    visibility="staff",
    summary_at="18:30",
    origin=Words("人和街道", "Renhe"),
    made_on=date(2026, 3, 5),
    teams=(TeamWords("一组", "Team 1", "庆丰社区"),),
    goals=(Goal("sites", "全部清完", 30, Decimal(18)),),
    papers=(Paper("区里要的表", "daily", "docx", making.word("共{{处数}}处")),),
    reached=(("sites", Decimal(18)),),
)


def parts_of(file):
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return target.getvalue()


def told(**changed):
    """The file with other things told in it, its check sum right."""
    parts = parts_of(pack(GARDENS))
    content = json.loads(parts["experience.json"]) | changed
    return summed(parts, json.dumps(content).encode())


def summed(parts, content):
    sum_ = hashlib.sha256(content).hexdigest().encode()
    return zipped(parts | {"experience.json": content, "experience.sha256": sum_})


def test_what_was_packed_is_unpacked_the_same():
    assert unpack(pack(GARDENS)) == GARDENS
    assert pack(unpack(pack(GARDENS))) == pack(GARDENS)


BOMB = b"0" * (5 << 20)
HOSTILE = {
    "empty": b"",
    "no zip": b"hello",
    "cut off": pack(GARDENS)[:-100],
    "nothing in it": zipped({}),
    "foreign": zipped({"word/document.xml": b"<a/>"}),
    "path": zipped(parts_of(pack(GARDENS)) | {"../../etc/passwd": b"x"}),
    "more files": zipped(parts_of(pack(GARDENS)) | {"templates/7.docx": making.word("x")}),
    "bomb": zipped({"experience.json": BOMB, "experience.sha256": b""}),
    "wrong sum": zipped(parts_of(pack(GARDENS)) | {"experience.sha256": b"0" * 64}),
    "altered template": zipped(parts_of(pack(GARDENS)) | {"templates/0.docx": making.word("{{处数}}")}),
    "no json": summed(parts_of(pack(GARDENS)), b"{"),
    "deep json": summed(parts_of(pack(GARDENS)), b"[" * 100_000),
    "other kind": told(kind="something"),
    "later version": told(format=2),
    "a key more": told(people=["王某"]),
    "no number": summed(parts_of(pack(GARDENS)), pack(GARDENS)[:0] + b'{"days": NaN}'),
    "days a text": told(days="60"),
    "days without end": told(days=10**9),
    "a visibility of its own": told(visibility="everybody"),
    "a goal of no figure": told(goals=[["nothing", "x", 1, "1"]]),
    "an hour of its own": told(summary_at="25:00"),
    "an amount without end": told(reached=[["sites", "Infinity"]]),
    "a definition that is none": told(definition={"format": 1, "definition": {"name": 5}}),
    "a definition with a loop": told(
        definition={
            "format": 1,
            "definition": {"name": "x", "steps": [{"code": "a", "name": {"zh": "x"}, "next": ["a"]}]},
        }
    ),
    "a definition of strange parts": told(definition={"format": 1, "definition": {"name": "x", "evil": 1}}),
    "lists where texts belong": told(lessons=["x"]),
    "papers that are none": told(papers=[{"name": "x", "kind": "", "file": "experience.json", "sha256": ""}]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_not_whole_and_ours_is_refused_with_a_reason(name):
    with pytest.raises(UnfitExperience) as unfit:
        unpack(HOSTILE[name])
    assert str(unfit.value)


def test_two_entries_of_one_name_and_locked_ones_are_refused():
    parts = list(parts_of(pack(GARDENS)).items())
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = zipped([*parts, parts[0]])
    with pytest.raises(UnfitExperience):
        unpack(twice)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_a_damaged_file_is_refused_or_says_the_same(at, byte):
    file = bytearray(pack(GARDENS))
    file[at % len(file)] = byte
    try:
        found = unpack(bytes(file))
    except UnfitExperience as unfit:
        assert str(unfit)
    else:
        assert found == GARDENS


# -- from a campaign into another area -----------------------------------------------------------------


@pytest.fixture
def campaign(at_nine, make_campaign, make_item, cast):
    campaign = make_campaign(goal="清完", summary_at=None)
    make_item(campaign=campaign, title="王某的菜园")
    ledger = campaign.edition.ledger
    content = making.word("共{{处数}}处")
    checked = check_template(content, names_of_ledger(campaign.edition.definition))
    file = accept_upload(SimpleUploadedFile("表.docx", content))
    actions.keep_template("区里要的表", by=cast.clerk, checked=checked, file=file, ledger=ledger)
    return ledgers.finish_campaign(campaign, by=cast.clerk, lessons="先易后难")


def test_a_campaign_is_saved_without_items_and_people(campaign, cast, force, entry_of):
    file = actions.save_experience(campaign, by=cast.clerk)
    content = parts_of(file)["experience.json"].decode()
    for word in ("王某", "号菜园", force.member.name, cast.clerk.name, campaign.number):
        assert word not in content
    found = unpack(file)
    assert (found.lessons, found.days, [one.name for one in found.teams]) == (
        "先易后难",
        80,
        ["一组", "二组"],
    )
    assert dict(found.reached)["sites"] == 1 and found.papers[0].name == "区里要的表"
    assert entry_of(campaign).data["digest"] == hashlib.sha256(file).hexdigest()


def test_it_is_taken_over_in_another_area(campaign, cast, entry_of):
    experience = unpack(actions.save_experience(campaign, by=cast.clerk))
    made = take(experience, cast)
    assert made.pk != campaign.pk and made.state == "draft" and made.items == 0
    assert (made.lessons, made.goal, made.ends_on - made.starts_on) == (
        "先易后难", "清完", timedelta(days=80),
    )  # fmt: skip
    assert made.edition.ledger_id != campaign.edition.ledger_id
    assert {one.name for one in made.teams.all()} == {"一组", "二组"}
    assert [(one.figure, one.on) for one in made.milestones.all()] == [
        ("sites", today() + timedelta(days=37))
    ]
    assert ReportTemplate.objects.filter(ledger=made.edition.ledger).count() == 1
    assert entry_of(made).data["templates"] == 1
    again = take(experience, cast)
    assert again.edition.ledger_id == made.edition.ledger_id


def take(experience, cast, **changed):
    given = {"by": cast.clerk, "area": cast.places.community, "name": "社区小菜园"}
    given |= {"starts_on": today() + timedelta(days=7), "papers": actions.keep_papers(experience)}
    return actions.take_over(experience, **(given | changed))


def test_only_who_runs_it_saves_it(campaign, make_campaign, cast, force, refused):
    with refused("report.not_yours"):
        actions.save_experience(campaign, by=force.member)
    with refused("campaign.wrong_state"):
        actions.save_experience(make_campaign(begun=False), by=cast.clerk)


def test_only_who_keeps_ledgers_there_takes_it_over(at_nine, cast, refused):
    with refused("ledger.not_yours"):
        take(GARDENS, cast, by=cast.stranger)
    assert not Campaign.objects.exists() and not Ledger.objects.exists()


def test_both_fail_whole(campaign, cast, breaking_record):
    before = Ledger.objects.count(), Campaign.objects.count(), Milestone.objects.count()
    down = breaking_record("bihuan.reports.actions.handing")
    with pytest.raises(down):
        actions.save_experience(campaign, by=cast.clerk)
    with pytest.raises(down):
        take(GARDENS, cast)
    assert (Ledger.objects.count(), Campaign.objects.count(), Milestone.objects.count()) == before


def test_on_pages_it_is_saved_shown_and_taken_over(campaign, cast, client):
    client.force_login(cast.clerk)
    address = reverse("reports:save_experience", args=[campaign.number])
    assert "先易后难" in client.get(address).text
    file = client.post(address).content
    for bad in (b"hello", file[:-9]):
        sent = SimpleUploadedFile("x.bihuan", bad)
        assert client.post(reverse("reports:experience"), {"file": sent}).status_code == 422
    shown = client.post(reverse("reports:experience"), {"file": SimpleUploadedFile("x.bihuan", file)})
    assert shown.status_code == 200 and "先易后难" in shown.text
    form = shown.context["form"]
    given = form.initial | {"area": form.fields["area"].choices[0][0], "starts_on": "2025-10-01"}
    answer = client.post(reverse("reports:take_over"), given | {"starts_on": ""})
    assert answer.status_code == 422
    taken = client.post(reverse("reports:take_over"), given)
    made = Campaign.objects.order_by("-pk").first()
    assert taken["Location"] == reverse("ledgers:campaign", args=[made.number])
    assert made.starts_on == date(2025, 10, 1)
    assert client.post(reverse("reports:take_over"), given | {"ticket": "forged"}).status_code == 302
    assert Campaign.objects.order_by("-pk").first() == made


def test_a_confidential_campaign_tells_no_figures(at_nine, make_campaign, make_item, cast):
    campaign = make_campaign(definition=plots(confidential=True))
    make_item(campaign=campaign)
    assert unpack(actions.save_experience(campaign, by=cast.clerk)).reached == ()


def test_parts_that_are_small_alone_and_large_together_are_refused():
    parts = {"experience.json": b"{}", "experience.sha256": b""}
    parts |= {f"templates/{number}.docx": b"0" * (9 << 20) for number in range(8)}
    with pytest.raises(UnfitExperience, match="too large"):
        unpack(zipped(parts))
