# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0006_scope_in_vector'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='searchdocument',
            name='base_search_kind_47a170_idx',
        ),
        migrations.AddIndex(
            model_name='searchdocument',
            index=models.Index(fields=['kind', 'scope', 'id'], name='base_search_kind_ca93a8_idx'),
        ),
    ]
