# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_no_digest_yet'),
        ('accounts', '__first__'),
        ('base', '0003_search'),
        ('market', '0009_letter_template_versions'),
        ('register', '0006_organisations_by_industry_and_municipality'),
    ]

    operations = [
        migrations.CreateModel(
            name='NetworkRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('goal', models.CharField(choices=[('dkk', 'Kroner'), ('co2e', 'CO2e'), ('both', 'Lige meget kroner og CO2e')], default='dkk', max_length=4, verbose_name='mest af')),
                ('least', models.FloatField(default=0.3, verbose_name='hvert forslag er mindst')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='bestilt')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='færdig')),
                ('figures', models.JSONField(blank=True, default=dict, verbose_name='tal')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='base.job')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='network_runs', to='accounts.operator')),
            ],
            options={
                'verbose_name': 'plan for netværket',
                'verbose_name_plural': 'planer for netværket',
                'ordering': ['-asked_at', 'pk'],
                'indexes': [models.Index(fields=['operator', '-asked_at'], name='market_netw_operato_8623df_idx')],
            },
        ),
        migrations.CreateModel(
            name='NetworkFlow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('best', 'Planens valg'), ('agreed', 'Aftalt'), ('pinned', 'Skal med')], default='best', max_length=6, verbose_name='hvorfor')),
                ('tonnes', models.DecimalField(decimal_places=3, max_digits=14, verbose_name='tons om året')),
                ('agreed_tonnes', models.DecimalField(decimal_places=3, default=0, max_digits=14, verbose_name='heraf aftalt, tons om året')),
                ('dkk', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='kr. om året')),
                ('co2e_kg', models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True, verbose_name='kg CO2e om året')),
                ('have', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='market.listing')),
                ('match', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='market.match')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='market.listing')),
                ('suggestion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='market.suggestion')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.organisation')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flows', to='market.networkrun')),
            ],
            options={
                'verbose_name': 'levering i planen',
                'verbose_name_plural': 'leveringer i planen',
                'ordering': ['-tonnes', 'pk'],
                'indexes': [models.Index(fields=['run', '-tonnes'], name='market_netw_run_id_f7e219_idx')],
            },
        ),
        migrations.CreateModel(
            name='NetworkWish',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('pin', 'Skal med'), ('forbid', 'Må ikke være med')], max_length=6, verbose_name='ønske')),
                ('reason', models.CharField(blank=True, choices=[('wrong_thing', 'Det er ikke det, de mangler'), ('too_far', 'For langt væk'), ('quality', 'Kvaliteten passer ikke'), ('quantity', 'Mængden passer ikke'), ('timing', 'Tiden passer ikke'), ('price', 'Prisen passer ikke'), ('rules', 'Regler eller tilladelser står i vejen'), ('known', 'De handler allerede sammen'), ('unwanted', 'De ønsker ikke hinanden'), ('other', 'Andet')], max_length=12, verbose_name='hvorfor ikke')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='bemærkning')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='hvornår')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='ophævet')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('have', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='market.listing')),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='market.listing')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='network_wishes', to='accounts.operator')),
            ],
            options={
                'verbose_name': 'ønske til planen',
                'verbose_name_plural': 'ønsker til planen',
                'ordering': ['-at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('operator', 'have', 'need'), name='market_one_living_wish_per_pair'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'forbid'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='market_a_forbidden_pair_says_why')],
            },
        ),
        migrations.CreateModel(
            name='WeightVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='nummer')),
                ('weights', models.JSONField(verbose_name='vægte')),
                ('before', models.JSONField(verbose_name='vægte før')),
                ('learned_from', models.JSONField(verbose_name='lært af')),
                ('effect', models.JSONField(verbose_name='virkning')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='lært')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weight_versions', to='accounts.operator')),
            ],
            options={
                'verbose_name': 'lærte vægte',
                'verbose_name_plural': 'lærte vægte',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('operator', 'number'), name='market_one_version_per_number')],
            },
        ),
        migrations.CreateModel(
            name='WeightSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='hvornår')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weight_switches', to='accounts.operator')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='switches', to='market.weightversion')),
            ],
            options={
                'verbose_name': 'skift af vægte',
                'verbose_name_plural': 'skift af vægte',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['operator', '-id'], name='market_weights_in_use')],
            },
        ),
    ]
