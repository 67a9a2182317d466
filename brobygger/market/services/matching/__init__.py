# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Who should meet whom: the seam to the engine, what is stored of its word, and what people decide about it.

`tables` turns rows of the database into the engine's; `candidates` finds who could meet at all; `refresh` does one
listing while a person waits and `nightly` all of them; `takers` finds firms that posted nothing; `memory` keeps away
what was declined; `decisions` is what people do.
"""

from brobygger.market.services.matching.decisions import accept as accept
from brobygger.market.services.matching.decisions import be_interested as be_interested
from brobygger.market.services.matching.decisions import decline as decline
from brobygger.market.services.matching.decisions import put_off as put_off
from brobygger.market.services.matching.decisions import remember_failure as remember_failure
from brobygger.market.services.matching.decisions import reopen as reopen
from brobygger.market.services.matching.decisions import wake as wake
from brobygger.market.services.matching.nightly import refresh_all as refresh_all
from brobygger.market.services.matching.refresh import refresh_listing as refresh_listing
