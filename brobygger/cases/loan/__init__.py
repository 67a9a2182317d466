# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""The concept loan's payment plan, computed without Django: `plan(terms)` gives every term to the øre.

Source: the catalogue of good practice, case 5 Concept Mariagerfjord: a loan over seven years, the first three without
instalments, a variable rate, and 1.5 percentage points more after the three years.

The case does not say the following; it is our assumption, each a parameter or named here:

- Interest is counted by actual days over 365 (`Actual/365 (Fixed)`, 2006 ISDA Definitions, section 4.16(d)) or by months
  of 30 days over 360 (`30E/360`, section 4.16(g)): `Terms.day_count`.
- Terms are quarterly or monthly: `Terms.per_year`. They fall on the pay-out's day of the month, or the month's last day
  where it has no such day. Bank holidays move nothing.
- The instalments after the interest-only years are equal (a serial loan). An extraordinary repayment makes the remaining
  ones smaller; the term stays.
- Every amount is rounded to whole øre, half an øre up (`ROUND_HALF_UP`), once a term; the last instalment takes the rest.
- A rate that is not known yet is the last one known.
"""

from brobygger.cases.loan.days import DayCount as DayCount
from brobygger.cases.loan.plan import Kind as Kind
from brobygger.cases.loan.plan import Line as Line
from brobygger.cases.loan.plan import Plan as Plan
from brobygger.cases.loan.plan import plan as plan
from brobygger.cases.loan.terms import BadTerms as BadTerms
from brobygger.cases.loan.terms import Fault as Fault
from brobygger.cases.loan.terms import Rate as Rate
from brobygger.cases.loan.terms import Repayment as Repayment
from brobygger.cases.loan.terms import Terms as Terms
