"""Accounts: first passwords are changed, old ones too, and the demo's logins stay what was printed."""

from datetime import timedelta

import pytest

from matcher.db import now
from matcher.services.accounts import is_password_old
from tests.factories import staff

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.mark.parametrize(
    ("age", "rule", "is_first", "expected"),
    [(1, 90, False, False), (91, 90, False, True), (1, 90, True, True), (400, 0, False, False), (400, 0, True, True)],
)
def test_a_password_is_changed_when_it_is_a_first_one_or_older_than_the_rule(age, rule, is_first, expected) -> None:
    user = staff().user
    user.password_changed_at = now() - timedelta(days=age)
    user.must_change_password = is_first
    assert is_password_old(user, rule) is expected
