"""The mail catcher: keeps what it is sent, shows it, and stays small."""
import email.message
import pathlib
import re
import smtplib
import subprocess
import sys

import pytest

PROGRAM = pathlib.Path(__file__).parents[1] / "fakes" / "mailcatcher.py"


@pytest.fixture
def catcher(tmp_path):
    """A running catcher: its folder and a function that connects to it."""
    folder = tmp_path / "mail"
    process = subprocess.Popen([sys.executable, PROGRAM, "serve", "--port", "0", folder],
                               stdout=subprocess.PIPE, text=True)
    port = int(re.search(r":(\d+)$", process.stdout.readline().strip())[1])
    yield folder, lambda: smtplib.SMTP("127.0.0.1", port, timeout=10)
    process.terminate()
    assert process.wait(10) == 0


def show(folder, *options):
    return subprocess.run([sys.executable, PROGRAM, "show", *options, folder], check=True,
                          capture_output=True, text=True).stdout


def a_mail(subject):
    message = email.message.EmailMessage()
    message["From"] = "forum@example.org"
    message["To"] = "Zoé <zoe@example.org>"
    message["Subject"] = subject
    message["Date"] = "Sun, 22 Nov 2026 15:04:04 +0000"
    message.set_content("Été : https://example.org/confirm?token=abc.\n", cte="base64")
    message.add_alternative('<a href="https://example.org/html?a=1&amp;b=2">x</a>', subtype="html")
    return message


def test_mail_is_shown_decoded_with_its_links(catcher):
    folder, connect = catcher
    with connect() as smtp:
        smtp.send_message(a_mail("Réponse ☃"))
    text = show(folder)
    assert "Date:    Sun, 22 Nov 2026 15:04:04 +0000" in text
    assert "To:      Zoé <zoe@example.org>" in text
    assert "Subject: Réponse ☃\n" in text
    assert "Été : https://example.org/confirm?token=abc." in text
    assert text.rstrip().endswith(
        "Links:\n  https://example.org/confirm?token=abc\n  https://example.org/html?a=1&b=2")


def test_only_the_last_ones_are_shown_in_order(catcher):
    folder, connect = catcher
    with connect() as smtp:
        for number in range(4):
            smtp.send_message(a_mail(f"number {number}"))
    assert re.findall(r"Subject: (.*)", show(folder, "-n", "2")) == ["number 2", "number 3"]


def test_garbage_is_kept_and_shown(catcher):
    folder, connect = catcher
    with connect() as smtp:
        smtp.sendmail("a@b", ["c@d"], b"\x00\xff no header\r\n.\r\nend")
        smtp.sendmail("a@b", ["c@d"], b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xe9\x1b[31m")
    text = show(folder)
    assert text.count("Subject:") == 2
    assert "\x1b" not in text and "\x00" not in text


def test_folder_does_not_grow_for_ever(catcher):
    folder, connect = catcher
    with connect() as smtp:
        for number in range(510):
            smtp.sendmail("a@b", ["c@d"], f"Subject: {number}\r\n\r\nx".encode())
    assert len(list(folder.iterdir())) == 500
    assert "Subject: 509" in show(folder, "-n", "1")


def test_empty_and_missing_folders_are_said_to_be(tmp_path):
    assert "No mail yet" in show(tmp_path)
    missing = subprocess.run([sys.executable, PROGRAM, "show", tmp_path / "none"],
                             capture_output=True, text=True)
    assert missing.returncode == 1
    assert "there is no folder" in missing.stderr
