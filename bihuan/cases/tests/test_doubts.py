"""Photos in doubt: what is noticed, who reads it, what an inspector must say, and what follows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageEnhance

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, queries, rules
from bihuan.cases.models import PhotoDoubt, Recheck
from bihuan.cases.tests.browsing import client_of
from bihuan.core.clock import now
from bihuan.files.actions import accept_upload, attach_files
from bihuan.files.tests.samples import encoded, scene

pytestmark = pytest.mark.usefixtures("at_nine")


def picture(seed=1, *, change=lambda image: image, quality=90):
    image = change(scene(640, 480, seed=seed))
    return accept_upload(SimpleUploadedFile("p.jpg", encoded(image, quality=quality)))


def darker(image):
    return ImageEnhance.Brightness(image).enhance(0.8).resize((480, 360))


def plain(shade):
    return accept_upload(SimpleUploadedFile("p.jpg", encoded(Image.new("RGB", (640, 480), (shade,) * 3))))


@pytest.fixture
def solve(make_case, cast, settle):
    """`solve(after, before)`: a case reported with photos and reported as done with others, reactions run."""

    def run(*after, before=(), then="resolved"):
        report = make_case.report(photos=list(before))
        case = report.case
        for step in ("file", "assign", "acknowledge"):
            case = getattr(make_case, step)(case, cast.pipes)
        case = actions.resolve_case(case, by=cast.handler, note="已修复", photos=list(after))
        settle()
        case.refresh_from_db()
        return case

    return run


def doubts(case):
    return [(doubt.kind, doubt.other_case_id, doubt.distance) for doubt in case.doubts.order_by("pk")]


# -- what is noticed ------------------------------------------------------------------------------------


def test_the_same_file_before_and_after_is_noticed(solve, entry_of):
    photo = picture(1)
    case = solve(photo, before=[photo])

    assert doubts(case) == [("unchanged", case.pk, None)]
    assert case.doubted_at == now()
    entry = entry_of(case)
    assert (entry.verb, entry.by, entry.data["state"]) == ("case.doubted", None, "resolved")


def test_the_photo_from_before_packed_anew_is_noticed(solve):
    case = solve(picture(1, change=darker, quality=60), before=[picture(1)])

    assert [(kind, other) for kind, other, _distance in doubts(case)] == [("unchanged", case.pk)]


def test_a_photo_of_an_earlier_case_is_noticed_once(solve, settle):
    first = solve(picture(2), before=[picture(1)])
    case = solve(picture(2, change=darker), before=[picture(3)])

    assert [(kind, other) for kind, other, _distance in doubts(case)] == [("reused", first.pk)]
    assert doubts(first) == [], "the earlier case has nothing to explain"
    entry = entries_about(case).get(verb="case.resolved")
    from bihuan.cases.background.rechecking import compare_photos

    compare_photos(entry)
    assert PhotoDoubt.objects.count() == 1
    assert entries_about(case).filter(verb="case.doubted").count() == 1


def test_two_photos_of_one_place_are_not_noticed(solve):
    def cleared(image):
        image.paste((120, 140, 110), (220, 260, 420, 440))
        return image

    assert doubts(solve(picture(1, change=cleared), before=[picture(1)])) == []


def test_plain_photos_are_like_none(solve):
    assert doubts(solve(plain(200), before=[plain(120)])) == []


def test_a_plain_photo_used_again_is_still_the_same_file(solve):
    photo = plain(200)
    first = solve(photo)
    assert doubts(solve(photo)) == [("reused", first.pk, None)]


def test_merged_cases_are_one(solve, make_case, cast, settle):
    photo = picture(1)
    first = make_case.report(photos=[photo]).case
    case = make_case.report(photos=[picture(5)]).case
    actions.merge_case(first, by=cast.clerk, into=case, note="同一处")
    for step in ("file", "assign", "acknowledge"):
        case = getattr(make_case, step)(case, cast.pipes)
    case = actions.resolve_case(case, by=cast.handler, note="已修复", photos=[photo])
    settle()
    assert doubts(case) == []


def test_what_is_handled_on_the_spot_is_looked_at_too(make_case, cast, settle):
    photo = picture(1)
    case = make_case.report(photos=[photo]).case
    actions.self_handle_case(case, by=cast.grid_worker, matter=cast.litter, note="已清扫", photos=[photo])
    settle()
    assert doubts(case) == [("unchanged", case.pk, None)]


def test_at_most_five_cases_are_named(solve):
    photo = picture(1)
    firsts = [solve(photo) for _ in range(7)]
    case = solve(photo)
    assert [other for _kind, other, _distance in doubts(case)] == [first.pk for first in firsts[:5]]


# -- the action: four ways ------------------------------------------------------------------------------


def test_a_failure_half_way_leaves_no_doubt(solve, cast, breaking_record, unchanged):
    case = solve(picture(1))
    photo = picture(1)
    attach_files([photo], case, role="before", by=None)
    found = queries.find_look_alikes(case)
    assert len(found) == 1
    broken = breaking_record("bihuan.cases.actions.doubting")
    with unchanged(), pytest.raises(broken):
        actions.doubt_photos(case, found=found)


def test_nothing_new_is_nothing(solve, unchanged):
    photo = picture(1)
    case = solve(photo, before=[photo])
    with unchanged():
        actions.doubt_photos(case, found=queries.find_look_alikes(case))


# -- judging it -----------------------------------------------------------------------------------------


def test_a_case_in_doubt_is_not_passed_in_silence(solve, cast, refused, unchanged, entry_of):
    photo = picture(1)
    case = solve(photo, before=[photo])
    for words in ("", "  "):
        with unchanged(), refused("case.doubt_unanswered"):
            actions.inspect_case(case, by=cast.inspector, reply="已修复。", doubt_note=words)

    case = actions.inspect_case(case, by=cast.inspector, reply="已修复。", doubt_note="到现场看过，确已修复")

    doubt = case.doubts.get()
    assert (doubt.passed, doubt.settled_by, doubt.note) == (True, cast.inspector, "到现场看过，确已修复")
    assert entry_of(case).data["doubt_note"] == "到现场看过，确已修复"
    assert list(faults()) == []


def test_sending_it_back_settles_the_doubt(solve, cast):
    photo = picture(1)
    case = solve(photo, before=[photo])
    case = actions.rework_case(case, by=cast.inspector, reason="照片是处置前的")
    assert (case.doubts.get().passed, rules.has_open_doubts(case)) == (False, False)

    case = actions.resolve_case(case, by=cast.handler, note="重做", photos=[picture(8)])
    actions.inspect_case(case, by=cast.inspector, reply="已修复。")
    assert not queries.doubts_undecided(case)


def test_a_spot_check_asks_only_when_it_passes(make_case, cast, settle, refused):
    photo = picture(1)
    cases = []
    for _ in range(2):
        case = make_case.report(photos=[photo]).case
        case = actions.self_handle_case(
            case, by=cast.grid_worker, matter=cast.litter, note="已清扫", photos=[photo]
        )
        actions.doubt_photos(case, found=queries.find_look_alikes(case)[:1])
        cases.append(case)
    with refused("case.doubt_unanswered"):
        actions.spot_check_case(cases[0], by=cast.inspector, passed=True)
    actions.spot_check_case(cases[0], by=cast.inspector, passed=True, doubt_note="看过")
    actions.spot_check_case(cases[1], by=cast.inspector, passed=False)
    assert [case.doubts.get().passed for case in cases] == [True, False]


def test_what_was_passed_in_doubt_is_always_rechecked(solve, cast, settle, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _most: 999)
    photo = picture(1)
    case = solve(photo, before=[photo])
    case = actions.inspect_case(case, by=cast.inspector, reply="已修复。", doubt_note="看过")
    case = actions.close_case(case, by=cast.inspector, reply="已修复。")
    settle()
    recheck = Recheck.objects.get()
    assert (recheck.case, recheck.why, recheck.desk) == (case, "doubt", cast.places.district)


def test_a_doubt_that_comes_late_is_rechecked(make_case, cast, settle, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _most: 999)
    case = make_case(at="closed")
    settle()
    assert not Recheck.objects.exists()
    photo = picture(1)
    for role in ("before", "after"):
        attach_files([photo], case, role=role, by=None)
    actions.doubt_photos(case, found=queries.find_look_alikes(case))
    settle()
    assert Recheck.objects.get().why == "doubt"


# -- who reads it ---------------------------------------------------------------------------------------


def test_inspectors_and_supervisors_read_it_and_nobody_else(solve, cast, hold):
    photo = picture(1)
    case = solve(photo, before=[photo])
    readers = {
        name
        for name, person in vars(cast).items()
        if hasattr(person, "duties_now") and queries.doubts_shown(case, person)
    }
    assert readers == {"inspector", "district_inspector", "supervisor"}
    hold(cast.handler, "inspector", cast.places.street)
    assert queries.doubts_shown(case, cast.handler) == []


def test_the_timeline_tells_nobody(solve):
    photo = picture(1)
    case = solve(photo, before=[photo])
    for public in (True, False):
        assert "case.doubted" not in [event.verb for event in queries.timeline(case, public=public)]


def test_the_inspect_page_shows_both_pictures(solve, cast):
    photo = picture(1)
    case = solve(photo, before=[photo])
    url = reverse("cases:inspect", args=[case.number])
    page = client_of(cast.inspector).get(url).content.decode()

    doubt = case.doubts.get()
    assert doubt.photo.url in page and doubt.other.url in page
    assert "doubt_note" in page
    response = client_of(cast.inspector).post(url, {"reply": "已修复", "doubt_note": ""})
    assert response.status_code == 422
    assert "doubt" not in client_of(cast.handler).get(f"/cases/{case.number}/").content.decode()


def test_another_streets_case_stays_nameless(solve, make_case, cast, settle):
    lon, lat = cast.places.elsewhere
    photo = picture(1)
    far = make_case.report(lon=lon, lat=lat, photos=[photo]).case
    case = solve(photo)
    (shown,) = queries.doubts_shown(case, cast.inspector)
    assert (shown.doubt.other_case_id, shown.other_case, shown.shows_both) == (far.pk, None, False)
    page = client_of(cast.inspector).get(reverse("cases:inspect", args=[case.number])).content.decode()
    assert far.number not in page
    assert f"/files/{shown.doubt.other_id}/" not in page
    assert "elsewhere in the district" in page

    (shown,) = queries.doubts_shown(case, cast.supervisor)
    assert shown.other_case == far
    page = client_of(cast.supervisor).get(reverse("cases:show", args=[case.number])).content.decode()
    assert far.number in page


def test_doubts_cost_a_constant_number_of_queries(solve, cast, django_assert_num_queries):
    photo = picture(1)
    first = solve(photo)
    few = solve(photo)
    for _ in range(4):
        solve(photo)
    many = solve(photo, before=[photo])
    assert (few.doubts.count(), many.doubts.count()) == (1, 6)
    for case in (few, many):
        cast.supervisor.duties_now()
        with django_assert_num_queries(2):
            shown = queries.doubts_shown(case, cast.supervisor)
            assert all(one.doubt.photo.file.size and one.doubt.other.file.size for one in shown)
    assert first in [one.other_case for one in shown]
