# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""What happened in the register, for rooms whose records follow it."""

from django.dispatch import Signal

moved_or_renamed = Signal()
"""Organisations got another name or address, or places of work another address. Sent inside the transaction that stored
it. Arguments: organisations (primary key → the postal code it had before), establishments (primary keys), in_bulk (by an
import, thousands at a time, rather than by a person who waits)."""

permits_changed = Signal()
"""What an organisation may receive was put on record, corrected or taken off. Sent inside the transaction.
Arguments: organisation_id."""

organisations_merged = Signal()
"""Two organisations were laid together, or separated again. Sent inside the transaction. Arguments: kept (the organisation),
other_pk (the primary key of the one that went, or came back), touched (model → primary keys of the records that moved)."""
