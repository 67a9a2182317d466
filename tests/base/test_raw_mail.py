# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Mail as strangers send it: read as well as it can be, and never a reason to fall over."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from brobygger.base import raw_mail


def written(**headers: str) -> EmailMessage:
    message = EmailMessage()
    usual = {
        "From": "Bodil <Bodil@Example.invalid>",
        "To": "kontor@example.invalid",
        "Subject": "Mask på Ærø",
    }
    for name, value in {**usual, **headers}.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_message_is_read_with_its_danish_letters():
    message = written(Message_ID="<abc@example.invalid>", Cc="a@b.invalid, Bodil@example.invalid")
    message.set_content("Vi har mask på lager.\n")
    read = raw_mail.read(message.as_bytes())
    assert raw_mail.header(read, "Subject") == "Mask på Ærø"
    assert raw_mail.addresses(read, "From", "To", "Cc") == [
        "bodil@example.invalid",
        "kontor@example.invalid",
        "a@b.invalid",
    ]
    assert raw_mail.message_id(read) == "abc@example.invalid"
    assert raw_mail.plain_text(read) == "Vi har mask på lager."


def test_of_a_message_in_html_alone_the_words_are_read_and_nothing_that_is_not_shown():
    message = written()
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>Hej &amp; tak</p><script>x()</script>Ring<br>i morgen</body></html>",
        subtype="html",
    )
    assert raw_mail.plain_text(raw_mail.read(message.as_bytes())).split() == [
        "Hej",
        "&",
        "tak",
        "Ring",
        "i",
        "morgen",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.invalid\r\nContent-Type: text/plain; charset=findes-ikke\r\n\r\nhej",
        b"From: a@b.invalid\r\nContent-Type: multipart/mixed\r\n\r\nhej",
        b"From: =?utf-8?b?!!!?= <\xff\r\nSubject: \xe6\xf8\xe5\r\nMessage-ID: <<>\r\n\r\n\xe6",
        b"From: a@b.invalid\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n****",
    ],
)
def test_faulty_messages_are_read_without_falling_over(raw: bytes):
    read = raw_mail.read(raw)
    raw_mail.addresses(read, "From", "To")
    raw_mail.message_id(read)
    raw_mail.header(read, "Subject")
    assert isinstance(raw_mail.plain_text(read), str)


def test_what_is_no_mail_or_too_large_is_refused():
    with pytest.raises(raw_mail.UnreadableMail):
        raw_mail.read(b"")
    with pytest.raises(raw_mail.UnreadableMail):
        raw_mail.read(b"x" * (raw_mail.LARGEST + 1))
