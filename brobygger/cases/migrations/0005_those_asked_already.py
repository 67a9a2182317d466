from django.db import migrations
from django.db.models import F, Q


def those_asked_already(apps, schema_editor):
    """Whoever was there when a case's round was asked is not asked again."""
    Case, CaseParty, Asked = (apps.get_model('cases', name) for name in ('Case', 'CaseParty', 'Asked'))
    Affiliation = apps.get_model('register', 'Affiliation')
    for case in Case.objects.filter(is_open=True, asked_round=F('round')).only('pk', 'round').iterator():
        parties = CaseParty.objects.filter(case=case.pk, ended_at=None, interested=False)
        acting = Affiliation.objects.filter(
            organisation__in=parties.exclude(organisation=None).values('organisation'), ended_on=None, may_act=True,
        )
        found = {
            *parties.values_list('user', flat=True),
            *parties.values_list('person__user', flat=True),
            *acting.values_list('person__user', flat=True),
        }
        Asked.objects.bulk_create(
            [Asked(case=case, round=case.round, user_id=pk) for pk in sorted(found - {None})], ignore_conflicts=True
        )


def those_told_already(apps, schema_editor):
    """Unread news from outside was told to the officer, else to the office; what the office did itself was told to nobody."""
    rows = apps.get_model('cases', 'Case').objects.filter(~Q(news__kind__in=('opened', 'assigned')), news__isnull=False)
    for case in rows.select_related('officer', 'operator').iterator():
        to = (case.officer or case.operator).email
        apps.get_model('cases', 'Case').objects.filter(pk=case.pk).update(news_told=to)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_who_was_told'),
        ('register', '0008_size_in_place'),
    ]

    operations = [
        migrations.RunPython(those_asked_already, migrations.RunPython.noop),
        migrations.RunPython(those_told_already, migrations.RunPython.noop),
    ]
