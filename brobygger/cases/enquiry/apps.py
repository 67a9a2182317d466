# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Investors' enquiries, answered with a prospectus."""

from django.apps import AppConfig


class EnquiryConfig(AppConfig):
    name = "brobygger.cases.enquiry"
    label = "enquiry"
    verbose_name = "Investorhenvendelser"
