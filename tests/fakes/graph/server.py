"""The command line: starts one fake Facebook and prints how to reach it.

The first line on standard output is a JSON object (ports, ids, tokens), so that a
program can read it; then it runs until SIGTERM or SIGINT.
"""
import argparse
import asyncio
import json
import signal
import sys

from . import snapshot
from .fake import Fake
from .living import Living

SAVE_SECONDS = 5


def parser():
    options = argparse.ArgumentParser(
        prog="graph", description="A local stand-in for Facebook's Graph API; see README.md.")
    add = options.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="of the Graph API; 0: any")
    add("--media-port", type=int, default=0, help="of the pictures")
    add("--control-port", type=int, default=0, help="of /_ctl/ and the Page's web page")
    add("--seed", type=int, default=1, help="decides ids, tokens and chances")
    add("--app", default="410000000000001", help="app id")
    add("--secret", default="graph-fake-app-secret", help="app secret")
    add("--app-name", default="Entraide")
    add("--page", default="615000000000001", help="Page id")
    add("--page-name", default="Tramelune")
    add("--page-token", help="the Page token's text; printed when not given")
    add("--user-token", help="the user token's text")
    add("--callback", help="webhook address: both subscriptions are on from the start")
    add("--verify-token", help="what the verification GET carries")
    add("--data-deletion", help="address of the data deletion callback")
    add("--deauthorize", help="address of the deauthorize callback")
    add("--clock", type=int, help="a clock that stands at these unix seconds")
    add("--certificate", help="PEM file: Graph and media then speak HTTPS, as Facebook only does")
    add("--key", help="its private key, when it is not in the same file")
    add("--keep", help="file that the Page is kept in over restarts")
    add("--permalink-base", default="https://www.facebook.com",
        help="begin of permalink_url; 'self' for this fake's web page")
    add("--living", action="store_true", help="a Page with history on which things happen")
    add("--pace", type=float, default=8, help="seconds between two events of --living")
    return options


async def run(options):
    fake = Fake(options)
    await fake.start()
    if options.permalink_base == "self":
        fake.permalink_base = fake.describe()["control"]
    kept = options.keep and snapshot.load(fake, options.keep)
    if options.living:
        living = Living(fake, options.pace)
        living.begin(with_history=not kept)
        fake.background.append(asyncio.get_running_loop().create_task(living.keep()))
    if options.keep:
        fake.background.append(asyncio.get_running_loop().create_task(keep_saving(fake, options.keep)))
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(json.dumps(fake.describe()), flush=True)
    await stopped.wait()
    await fake.stop()
    if options.keep:
        snapshot.save(fake, options.keep)


async def keep_saving(fake, path):
    while True:
        await asyncio.sleep(SAVE_SECONDS)
        snapshot.save(fake, path)


def main():
    options = parser().parse_args()
    for name in ("app", "page"):
        if not getattr(options, name).isdigit():
            sys.exit(f"graph: --{name} must be digits")
    try:
        asyncio.run(run(options))
    except OSError as error:
        sys.exit(f"graph: {error.strerror or error}")
