# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Search that forgives: inflection, compounds, typing errors, half-typed words. For any kind of record.

A room says once, when it starts, what can be searched::

    search.register(search.Kind("organisation", model=Organisation, build=documents))

where `build(pks)` gives a `Document` for each record. Its services then call `search.index("organisation", [record])`
in the same transaction as the save, and its pages ask `search.find("organisation", text, scopes=[…])`.

A document's *scope* is a short word that says who may find it (``"12"``: the people of operator 12). `find` looks only
in the scopes it is given, also when it mends a typing error, so nobody learns a word from a record that they may not see.
A text index of the database itself does the work: FTS5 on SQLite, `tsvector` with GIN on PostgreSQL.
"""

from brobygger.base.search.finding import Found as Found
from brobygger.base.search.finding import find as find
from brobygger.base.search.finding import find_all as find_all
from brobygger.base.search.finding import hits as hits
from brobygger.base.search.indexing import index as index
from brobygger.base.search.indexing import reindex as reindex
from brobygger.base.search.indexing import remove as remove
from brobygger.base.search.kinds import Document as Document
from brobygger.base.search.kinds import Kind as Kind
from brobygger.base.search.kinds import every as every
from brobygger.base.search.kinds import kinds_of as kinds_of
from brobygger.base.search.kinds import register as register
from brobygger.base.search.narrowed import Narrowed as Narrowed
from brobygger.base.search.narrowed import Pages as Pages
