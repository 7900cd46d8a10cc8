"""The rule of proof: what people were told, against what the database holds.

lost      told that it is there, and it is not
doubled   there more than once, told or not
torn      there, but what belongs to it is not: the counters, the search, the followers
"""

import dataclasses
import re
import time

from say import Failure

PATIENCE = 90  # seconds: no limit of the product's, the tests share their machine


@dataclasses.dataclass
class Verdict:
    acknowledged: int
    lost: list
    doubled: list


def verify(site, journal):
    """Of the trial that ran last."""
    acknowledged, stored = set(journal.keys()), {}
    with site.database("postgres") as connection:
        for post, key in posts_of(connection, site.run):
            stored.setdefault(key, []).append(post)
    return Verdict(len(acknowledged), sorted(acknowledged - set(stored)),
                   sorted(key for key, posts in stored.items() if len(posts) > 1))


def posts_of(connection, run):
    for post, body in connection.execute("select id, body_md from posts where body_md like %s", (f"%{run}-%",)):
        yield post, re.search(rf"{run}-\S+", body).group()


def torn(site):
    """Of all trials together, once the worker has done what was left to it."""
    site.wait_for_jobs()
    with site.database("postgres") as connection:
        faults = torn_posts(connection, [post for post, _ in posts_of(connection, site.name)])
    return faults + derived_faults(site)


def torn_posts(connection, posts):
    """Each answer has told the asker once, and is in the search index's books."""
    untold = connection.execute(
        "select p.id, count(n.id) from posts p join topics t on t.id = p.topic_id"
        " left join notifications n on n.post_id = p.id and n.person_id = t.author_id and n.kind = 'answer'"
        " where p.id = any (%s) and t.author_id <> p.author_id"
        " and exists (select from follows f where f.kind = 'topic' and f.target_id = t.id and f.person_id = t.author_id)"
        " group by p.id having count(n.id) <> 1", (posts,)).fetchall()
    marked = connection.execute("select count(*) from search_marks").fetchone()[0]
    faults = [f"answer {post} told its asker {count} times" for post, count in untold]
    if marked:
        faults.append(f"{marked} questions still wait to be indexed")
    return faults


def derived_faults(site):
    """What `entraide check` finds: counters, clocks, sums; and what the index has too much or too
    little."""
    try:
        site.program("check")
        site.program("search", "check")
    except Failure as failure:
        return [line for line in str(failure).splitlines() if line.strip()][-5:]
    return []


def soon_enough(site, seconds, limit, sentence):
    """Limits are those of a machine of its own: in the tests, beside others, they only show."""
    if site.is_timed and seconds > limit:
        raise Failure(f"{sentence}; {limit} s are the limit")


def wait_until(is_so, seconds, what):
    """Seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if is_so():
            return time.monotonic() - began
        time.sleep(0.02)
    raise Failure(f"{what}: not within {seconds} s")
