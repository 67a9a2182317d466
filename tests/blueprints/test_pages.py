# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The office reads definitions, takes them into use, writes its own, compares versions, and takes them out of use."""

from functools import cached_property
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from brobygger.accounts.models import AuditEntry, Role
from brobygger.blueprints import queries, services
from brobygger.blueprints.comparing import compare
from brobygger.blueprints.models import Definition
from tests.blueprints.trial import TRIAL
from tests.factories import OperatorFactory, user_as

SHIPPED = queries.SHIPPED
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
OWN = TRIAL.replace("days: 3", "days: 5").replace("title: En prøve", "title: Vores prøve")


@pytest.fixture(autouse=True)
def delivered(tmp_path, monkeypatch):
    """One definition is delivered."""
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "proeve.yaml").write_text(TRIAL, "utf-8")
    monkeypatch.setattr(queries, "SHIPPED", tmp_path)
    queries.shipped.cache_clear()
    yield
    queries.shipped.cache_clear()


def address(name="definition", key="proeve"):
    return reverse(f"blueprints:{name}", args=["trial", key])


def text_of(answer):
    return answer.content.decode()


def test_the_office_page_leads_to_the_list_and_the_list_to_a_delivered_one(as_consultant):
    assert reverse("blueprints:definitions") in text_of(as_consultant.get(reverse("accounts:office")))
    page = text_of(as_consultant.get(reverse("blueprints:definitions")))
    assert "En prøve" in page
    assert "Følger med, ikke i brug" in page
    assert address() in page


def test_a_delivered_one_is_read_before_it_is_in_use(as_consultant):
    page = text_of(as_consultant.get(address()))
    assert "Modtaget" in page
    assert "key: proeve" in page  # the file as it is written
    assert address("adopt") not in page  # not a consultant's decision


def test_the_head_takes_it_into_use_after_being_asked(as_head, operator):
    assert "Ja, tag den i brug" in text_of(as_head.get(address("adopt")))
    assert not Definition.objects.exists()
    page = text_of(as_head.post(address("adopt"), follow=True))
    assert "i brug som version 1" in page
    assert queries.current(operator, "trial", "proeve").title == "En prøve"


def test_a_later_release_delivers_a_newer_one(as_head, tmp_path):
    as_head.post(address("adopt"))
    (tmp_path / "trial" / "proeve.yaml").write_text(TRIAL.replace("days: 3", "days: 4"), "utf-8")
    queries.shipped.cache_clear()
    page = text_of(as_head.get(address()))
    assert "En nyere er fulgt med siden" in page
    assert "fra=1&amp;til=" in page
    assert "Tilpasset hos jer" not in page
    as_head.post(address("adopt"))
    assert "En nyere er fulgt med siden" not in text_of(as_head.get(address()))


def test_own_text_becomes_a_version_that_is_compared_with_the_delivered(as_head, operator):
    as_head.post(address("adopt"))
    as_head.post(address("change"), {"text": OWN, "opened": 1})
    assert queries.current(operator, "trial", "proeve").version == 2
    page = text_of(as_head.get(address()))
    assert "Tilpasset hos jer" in page
    compared = text_of(as_head.get(address("differences")))
    assert 'class="bp-out"' in compared
    assert "days: 5" in compared
    assert "days: 3" in compared
    old = text_of(as_head.get(address(), {"version": 1}))
    assert "Du ser version 1, som ikke er i brug" in old


def test_an_older_version_is_taken_into_use_again(as_head, operator):
    as_head.post(address("adopt"))
    as_head.post(address("change"), {"text": OWN, "opened": 1})
    as_head.post(address("adopt") + "?version=1")
    assert (queries.current(operator, "trial", "proeve").version, Definition.objects.count()) == (3, 3)
    assert queries.current(operator, "trial", "proeve").text == TRIAL


def test_every_fault_is_told_with_its_line_and_what_was_typed_stays(as_head):
    bad = TRIAL.replace("days: 3", "days: tre").replace("name: Afgjort", "nam: Afgjort")
    page = text_of(as_head.post(address("change"), {"text": bad, "opened": 0}))
    assert "Linje 5" in page
    assert "Linje 6" in page
    assert "<code>    days: tre</code>" in page
    assert "nam: Afgjort</textarea>" in page.replace("\n</textarea>", "</textarea>")
    assert not Definition.objects.exists()


def test_looking_the_text_over_saves_nothing(as_head):
    page = text_of(as_head.post(address("change"), {"text": OWN, "opened": 0, "preview": "1"}))
    assert "ikke gemt endnu. Den har ingen fejl" in page
    assert 'class="bp-in"' in page
    assert not Definition.objects.exists()


def test_a_file_takes_the_texts_place(as_head, operator):
    sent = SimpleUploadedFile("egen.yaml", OWN.replace("proeve", "egen").encode())
    as_head.post(reverse("blueprints:new", args=["trial"]), {"text": "", "file": sent})
    assert queries.current(operator, "trial", "egen").title == "Vores prøve"


def test_a_file_that_is_no_text_is_refused(as_head):
    sent = SimpleUploadedFile("egen.yaml", b"\xff\xfe\x00")
    page = text_of(as_head.post(reverse("blueprints:new", args=["trial"]), {"text": TRIAL, "file": sent}))
    assert "tekstfil i UTF-8" in page
    assert not Definition.objects.exists()


def test_a_new_one_may_not_take_another_ones_key(as_head):
    as_head.post(address("adopt"))
    page = text_of(as_head.post(reverse("blueprints:new", args=["trial"]), {"text": OWN}))
    assert "har allerede en opskrift med nøglen" in page
    assert Definition.objects.count() == 1


def test_the_key_cannot_be_changed_while_correcting(as_head):
    page = text_of(
        as_head.post(address("change"), {"text": OWN.replace("key: proeve", "key: anden"), "opened": 0})
    )
    assert "Linje 1" in page
    assert not Definition.objects.exists()


def test_the_second_of_two_who_write_at_once_is_told_and_loses_nothing(as_head, operator):
    as_head.post(address("adopt"))
    as_head.post(address("change"), {"text": OWN, "opened": 1})
    mine = TRIAL.replace("days: 3", "days: 9")
    answer = as_head.post(address("change"), {"text": mine, "opened": 1})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "days: 9" in page
    assert "days: 5" in page  # what the other wrote, in the comparison
    assert 'name="opened" value="2"' in page
    assert queries.current(operator, "trial", "proeve").version == 2
    as_head.post(address("change"), {"text": mine, "opened": 2})
    assert queries.current(operator, "trial", "proeve").version == 3


def test_taking_out_of_use_asks_and_is_recorded(as_head, operator):
    as_head.post(address("adopt"))
    assert "Ja, tag den ud af brug" in text_of(as_head.get(address("retire")))
    assert queries.current(operator, "trial", "proeve")
    as_head.post(address("retire"))
    assert not Definition.objects.current().exists()
    assert (
        list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-1] == "definition_retired"
    )
    assert "Taget ud af brug" in text_of(as_head.get(reverse("blueprints:definitions")))
    assert as_head.get(address("retire")).status_code == 404


@pytest.mark.parametrize("name", ["adopt", "change", "retire"])
def test_a_consultant_changes_nothing_even_by_a_direct_request(as_consultant, operator, name):
    services.adopt(operator, "trial", TRIAL, user=None)
    answer = as_consultant.post(address(name), {"text": OWN, "opened": 1})
    assert answer.status_code == 403
    assert queries.current(operator, "trial", "proeve").version == 1


def test_an_administrator_may_change_and_a_firm_may_not_even_read(operator, sign_in):
    administrator = sign_in(user_as(Role.ADMIN, operator))
    assert administrator.post(address("adopt")).status_code == 302
    assert sign_in(user_as(Role.FIRM, operator)).get(address()).status_code == 403


def test_another_offices_versions_are_not_there(as_consultant):
    services.adopt(OperatorFactory(), "trial", OWN.replace("proeve", "deres"), user=None)
    assert as_consultant.get(address(key="deres")).status_code == 404
    assert "Vores prøve" not in text_of(as_consultant.get(reverse("blueprints:definitions")))


@pytest.mark.parametrize("query", ["?version=7", "?version=x", "?version=99999999999999999999"])
def test_a_version_that_is_not_there_is_not_found(as_consultant, query):
    assert as_consultant.get(address() + query).status_code == 404
    assert as_consultant.get(address("differences") + query.replace("version", "fra")).status_code == 404


def test_the_file_is_fetched_as_it_was_written(as_consultant):
    answer = as_consultant.get(address("file"))
    assert text_of(answer) == TRIAL
    assert answer["Content-Disposition"] == 'attachment; filename="proeve.yaml"'


def test_a_version_that_todays_schema_cannot_read_is_shown_as_text(as_consultant, operator):
    adopted = services.adopt(operator, "trial", TRIAL, user=None)
    Definition.objects.filter(pk=adopted.pk).update(body={"key": "proeve", "old": True})
    page = text_of(as_consultant.get(address()))
    assert "kun læses som tekst" in page
    assert "key: proeve" in page


def test_a_comparison_shows_the_lines_around_a_change_and_leaves_out_the_rest():
    before = "\n".join(str(n) for n in range(30))
    lines = compare(before, before.replace("\n9\n", "\nni\n").replace("\n25\n", "\n"))
    assert [(line.sign, line.text) for line in lines if line.sign in "+-" and line.sign] == [
        ("-", "9"),
        ("+", "ni"),
        ("-", "25"),
    ]
    assert sum(line.sign == "…" for line in lines) == 1
    assert compare(before, before) == []


@pytest.mark.parametrize(
    ("kind", "key"), [(path.parent.name, path.stem) for path in sorted(SHIPPED.glob("*/*.yaml"))]
)
def test_every_delivered_definition_has_its_page_also_after_it_was_used(
    as_consultant, monkeypatch, kind, key
):
    monkeypatch.setattr(queries, "SHIPPED", SHIPPED)
    queries.shipped.cache_clear()
    content = queries.shipped_one(kind, key).content
    for name in dir(type(content)):  # what it works out and keeps, as a room that uses it would
        if isinstance(vars(type(content)).get(name), cached_property):
            getattr(content, name)
    answer = as_consultant.get(reverse("blueprints:definition", args=[kind, key]))
    assert answer.status_code == 200
    assert content.title in text_of(answer).replace("&#x27;", "'")


def test_the_list_is_taken_along_as_a_workbook(as_consultant, as_head, operator, sign_in):
    services.adopt(operator, "trial", OWN, user=None)
    services.adopt(operator, "trial", TRIAL.replace("key: proeve", "key: egen"), user=None)
    assert reverse("blueprints:export") in text_of(as_consultant.get(reverse("blueprints:definitions")))
    answer = as_consultant.get(reverse("blueprints:export"))
    rows = [
        row for row in load_workbook(BytesIO(answer.content)).active.values if row[2] in ("proeve", "egen")
    ]
    assert [(row[2], row[4], row[5], row[7], row[8]) for row in rows] == [
        ("egen", "i brug", 1, "nej", "nej"),
        ("proeve", "i brug", 1, "ja", "ja"),
    ]
    assert AuditEntry.objects.filter(action="export", about="Opskrifter", operator=operator).exists()
    assert sign_in(user_as(Role.FIRM, operator)).get(reverse("blueprints:export")).status_code == 403
