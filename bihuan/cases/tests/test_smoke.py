import pytest

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import queries


@pytest.mark.parametrize(
    "state", ["reported", "verifying", "declined", "self_handled", "filed", "assigned", "handling", "suspended",
              "resolved", "inspected", "closed"]
)
def test_every_state_is_reached(make_case, state, settle, cast):
    case = make_case(at=state)
    assert case.state == state
    assert list(faults()) == []
    settle()
    assert queries.timeline(case, public=False)
    assert queries.timeline(case, public=True)
    assert entries_about(case).count() >= 1
    for person in vars(cast).values():
        if hasattr(person, "duties_now"):
            queries.desk_of_user(person)
            queries.choices_for(case, person)
