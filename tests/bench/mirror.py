#!/usr/bin/env python3
"""./dev bench mirror: how fast a mirrored Page is read, and how quickly what happens
there is seen here.

The Page is the stand-in for Facebook (../fakes/graph). It gives way to everything else
(nice): it plays a machine elsewhere. See mirror_cases.py for what is measured.
"""

import argparse
import os
import pathlib
import signal
import sys

import mirror_cases
import report
from bench import machine, write_json
from say import Failure, step
from scratch import ROOT, Scratch, free_port

sys.path.insert(0, str(ROOT / "tests" / "fakes" / "graph"))

from client import FakeGraph  # noqa: E402

VERIFY_TOKEN = "a word of the bench"
NICE_OF_THE_PAGE = 15


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench mirror", description="Measures a mirror of an invented Page.",
        epilog="It takes about four minutes. Nothing else should run meanwhile.")
    parser.add_argument("--posts", type=int, default=1000, metavar="N", help="of the Page (1000)")
    parser.add_argument("--comments", type=int, default=50, metavar="N", help="below each (50)")
    parser.add_argument("--burst", type=int, default=5000, metavar="N", help="changes at once (5000)")
    parser.add_argument("--seen", type=int, default=30, metavar="N",
                        help="comments that are waited for one by one (30)")
    parser.add_argument("--topics", type=int, default=1000, metavar="N",
                        help="questions that the forum has besides (1000)")
    parser.add_argument("--quick", action="store_true", help="small numbers, to try the bench itself")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--var", default=str(ROOT / "var" / "bench-mirror"), metavar="DIR",
                        help="the folder of the scratch copy (var/bench-mirror)")
    parser.add_argument("--prefix", metavar="DIR", help="use the program installed there, build nothing")
    parser.add_argument("--port", type=int, metavar="N", help="its port (a free one)")
    options = parser.parse_args()
    if options.quick:
        options.posts, options.comments, options.burst, options.seen, options.topics = 40, 10, 200, 3, 100
    if min(options.posts, options.comments, options.burst, options.seen) < 1 or options.topics < 100:
        parser.error("at least one of each, and 100 topics")
    return options


def start_page(url):
    """The stand-in, told where notices go. It waits for the processor when we want it."""
    hook = f"{url}/hooks/facebook"
    graph = FakeGraph(seed=7, page_name="Tramelune", callback=hook, verify_token=VERIFY_TOKEN)
    os.setpriority(os.PRIO_PROCESS, graph.process.pid, NICE_OF_THE_PAGE)
    return graph


def configure(graph):
    """In the environment of what ./dev starts, as a brand has it in its service file."""
    os.environ.update({
        "ENTRAIDE_FACEBOOK_APP_ID": graph.config["app_id"],
        "ENTRAIDE_FACEBOOK_APP_SECRET": graph.config["app_secret"],
        "ENTRAIDE_FACEBOOK_PAGE_TOKENS": graph.config["page_token"],
        "ENTRAIDE_FACEBOOK_VERIFY_TOKEN": VERIFY_TOKEN,
        "ENTRAIDE_FACEBOOK_BASE_URL": graph.config["graph"],
        "ENTRAIDE_FACEBOOK_MEDIA_HOSTS": graph.config["media"].split("//")[1],
    })


def run(options, scratch, graph):
    conditions = machine()
    scratch.start()
    step(f"Making a Page of {options.posts} posts with {options.comments} comments each")
    graph.do("bulk", posts=options.posts, comments=options.comments)
    bench = mirror_cases.Mirror(scratch, graph, options)
    results = {}
    for name, case in mirror_cases.CASES:
        step(case.__doc__.splitlines()[0].rstrip("."))
        results[name] = case(bench, results)
        report.print_figures(results[name])
    found = mirror_cases.aims(results)
    print(f"\n{conditions['processors']} processors, load {conditions['load_before']:.1f} before; "
          f"a Page of {options.posts * options.comments:,} comments")
    report.print_aims(found)
    if options.json:
        write_json(options.json, {"machine": conditions, "results": results, "aims": [
            dict(zip(("what", "value", "aim", "met"), aim)) for aim in found]})


def main():
    options = arguments()
    port = options.port or free_port()
    graph = start_page(f"http://127.0.0.1:{port}")
    configure(graph)
    scratch = Scratch(options.var, port, options.topics,
                      ("--prefix", options.prefix) if options.prefix else ())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    status = 1
    try:
        run(options, scratch, graph)
        status = 0
    except Failure as failure:
        print(f"✗ {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\n  Stopped.", file=sys.stderr)
    finally:
        scratch.stop(is_kept=False, has_failed=status != 0)
        graph.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
