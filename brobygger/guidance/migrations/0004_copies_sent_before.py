# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from collections import Counter
from datetime import timedelta

from django.db import migrations
from django.db.models import Q

AT_ONCE = timedelta(seconds=10)
"""The copy is written in the referral's own transaction, just after it."""
CALLED = Q(subject__startswith='Kopi: ') | Q(subject__startswith='Copy: ')


def copies_sent_before(apps, schema_editor):
    """Copies from before they were linked are linked to their referral, where letter and referral fit each other only: written
    at once, at the same office, with everything that was shared in it. Where the consent is withdrawn already, the text goes."""
    Letter, Referral = apps.get_model('base', 'Letter'), apps.get_model('guidance', 'Referral')
    linked = Referral.objects.exclude(copy_letter=None).values('copy_letter')
    found = {}
    for letter in Letter.objects.filter(CALLED).exclude(pk__in=linked).iterator():
        fits = [referral for referral in written_just_before(Referral, letter) if all(
            piece['text'] in letter.body for piece in referral.shared
        )]
        if len(fits) == 1:
            found[letter.pk] = fits[0]
    copies = Counter(referral.pk for referral in found.values())
    for letter, referral in found.items():
        if copies[referral.pk] > 1:
            continue
        Referral.objects.filter(pk=referral.pk).update(copy_letter=letter)
        if referral.state == 'withdrawn':
            Letter.objects.filter(pk=letter).update(body='(trukket tilbage)')


def written_just_before(Referral, letter):
    """The office's referrals that the copy may be of."""
    return Referral.objects.filter(
        operator=letter.operator_id, direction='out', copy_letter=None,
        created_at__range=(letter.created_at - AT_ONCE, letter.created_at),
    ).only('shared', 'state')


class Migration(migrations.Migration):

    dependencies = [('guidance', '0003_copy_of_the_letter')]

    operations = [migrations.RunPython(copies_sent_before, migrations.RunPython.noop)]
