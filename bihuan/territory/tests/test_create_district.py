"""An installation is founded from the command line, once."""

import pytest
from django.core.management import CommandError, call_command

from bihuan.audit.models import Entry
from bihuan.territory.queries import areas_by_id, district

pytestmark = pytest.mark.django_db


def test_it_founds_the_district() -> None:
    call_command("create_district", "411602", "川汇区", name_en="Chuanhui District")

    root = district()
    assert (root.code, root.name, root.has_desk, root.parent_id) == ("411602", "川汇区", True, None)
    assert Entry.objects.about(root).filter(verb="area.created").exists()


def test_there_is_one_district() -> None:
    call_command("create_district", "411602", "川汇区")
    with pytest.raises(CommandError, match="already"):
        call_command("create_district", "411603", "淮阳区")


@pytest.mark.parametrize(("code", "name"), [("", "川汇区"), ("411602", "")])
def test_a_nameless_district_is_refused(code: str, name: str) -> None:
    with pytest.raises(CommandError):
        call_command("create_district", code, name)
    assert not areas_by_id()
