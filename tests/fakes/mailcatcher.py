#!/usr/bin/python3
"""A local SMTP server that keeps every mail as a file instead of sending it.

usage: mailcatcher.py serve --port PORT DIR   listens on 127.0.0.1 until stopped
       mailcatcher.py show [-n 5] DIR         prints the last mails, with their links

Each mail becomes DIR/TIME-NUMBER.eml, complete as soon as it has that name. The
last 500 are kept. For ./dev and the tests: whoever can read DIR can read every
link in it, so it never belongs on a real site.
"""
import argparse
import asyncio
import email
import email.policy
import html
import os
import pathlib
import re
import signal
import sys
import time

KEPT = 500
MESSAGE_MAX_BYTES = 8 * 1024 * 1024
LINK = re.compile(r"https?://[^\s<>\"')\]]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def mails(folder):
    """The mails in the order they came: names begin with the time."""
    return sorted(folder.glob("*.eml"))


class Keeper:
    """aiosmtpd's handler: takes whatever comes, for whomever."""

    def __init__(self, folder):
        self.folder = folder
        self.number = 0

    async def handle_DATA(self, server, session, envelope):
        self.number += 1
        name = f"{time.time_ns() // 1000:017d}-{self.number}"
        partial = self.folder / f".{name}.partial"
        head = f"X-Envelope-From: {one_line(envelope.mail_from)}\r\n" + "".join(
            f"X-Envelope-To: {one_line(recipient)}\r\n" for recipient in envelope.rcpt_tos)
        try:
            partial.write_bytes(head.encode() + envelope.content)
            partial.rename(self.folder / f"{name}.eml")
            self.forget_oldest()
        except OSError as error:
            partial.unlink(missing_ok=True)
            print(f"mailcatcher: {error.strerror}", file=sys.stderr, flush=True)
            return "452 4.3.1 cannot be kept"
        return "250 2.0.0 kept"

    def forget_oldest(self):
        for old in mails(self.folder)[:-KEPT]:
            old.unlink(missing_ok=True)


def one_line(text):
    return CONTROL.sub("", text or "")


async def serve(folder, port):
    from aiosmtpd.smtp import SMTP

    folder.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="localhost", ident="mailcatcher", timeout=60,
                     data_size_limit=MESSAGE_MAX_BYTES, enable_SMTPUTF8=True),
        host="127.0.0.1", port=port)
    port = server.sockets[0].getsockname()[1]  # 0 was "any"
    print(f"mailcatcher: listening on 127.0.0.1:{port}", flush=True)
    await stopped.wait()
    server.close()
    await server.wait_closed()


def part_text(message, kind):
    """A part's text whatever its declared charset is worth, or ""."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return part.get_content()
    except (LookupError, UnicodeDecodeError, KeyError):
        return (part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def describe(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text = CONTROL.sub("", part_text(message, "plain").replace("\r\n", "\n"))
    lines = [f"Date:    {one_line(str(message['Date']))}",
             f"To:      {one_line(str(message['To']))}",
             f"Subject: {one_line(str(message['Subject']))}",
             "", text.rstrip() or "(no text)", ""]
    links = dict.fromkeys(link.rstrip(".,;:") for link in
                          LINK.findall(text + " " + html.unescape(part_text(message, "html"))))
    if links:
        lines += ["Links:"] + [f"  {one_line(link)}" for link in links] + [""]
    return "\n".join(lines)


def show(folder, count):
    if not folder.is_dir():
        sys.exit(f"mailcatcher: there is no folder {folder}")
    last = mails(folder)[-count:] if count > 0 else []
    if not last:
        print("No mail yet.")
    for path in last:
        try:
            print("-" * 72)
            print(describe(path))
        except FileNotFoundError:
            continue  # forgotten meanwhile


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve")
    serving.add_argument("folder", type=pathlib.Path)
    serving.add_argument("--port", type=int, required=True)
    showing = commands.add_parser("show")
    showing.add_argument("folder", type=pathlib.Path)
    showing.add_argument("-n", dest="count", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.command == "show":
        show(arguments.folder, arguments.count)
        return
    os.umask(0o077)
    try:
        asyncio.run(serve(arguments.folder, arguments.port))
    except OSError as error:
        sys.exit(f"mailcatcher: 127.0.0.1:{arguments.port}: {error.strerror}")


if __name__ == "__main__":
    main()
