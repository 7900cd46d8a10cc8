"""A Page that lives: a history at the start, then something every few seconds.

For demonstrations. Half of each conversation is history, the rest happens while one
watches; answers that the Page gives (in the forum, for instance) are answered by the
person who asked.
"""
import asyncio
import random

from . import french
from .state import Comment

HISTORY_DAYS = 9
OPEN_THREADS = 4          # of the last threads, comments come while one watches
REACTIONS = ("LIKE", "LIKE", "LIKE", "LOVE", "CARE", "HAHA", "WOW", "SAD")


class Living:
    def __init__(self, fake, pace_seconds):
        self.fake = fake
        self.pace_seconds = pace_seconds
        self.chance = random.Random(fake.world.seed)
        self.people = [fake.world.person_named(name) for name in french.PEOPLE]
        self.to_come = []      # (post, parent or None, author, text): what history left out
        self.questions = list(french.QUESTIONS)
        self.news = list(french.PAGE_NEWS)
        self.answered = set()  # the Page's comments that somebody has replied to

    def author(self, name):
        return self.fake.world.page if name == "page" else self.fake.world.person_named(name)

    # The history

    def begin(self, with_history=True):
        if with_history:
            self.make_history()
        self.answered = {comment.id for comment in self.page_comments()}

    def make_history(self):
        now = self.fake.clock.now()
        step = HISTORY_DAYS * 86400 // len(french.THREADS)
        for index, (name, text, photos, comments) in enumerate(french.THREADS):
            at = now - HISTORY_DAYS * 86400 + index * step + self.chance.randrange(step // 2)
            post = self.fake.acts.post(self.author(name), text, at=at, photos=photos, silent=True)
            is_open = index >= len(french.THREADS) - OPEN_THREADS
            self.add_comments(post, comments, at, is_open)
            self.add_reactions(post)

    def add_comments(self, post, comments, at, is_open):
        for number, (name, text, replies) in enumerate(comments):
            at += self.chance.randrange(600, 5400)
            if is_open and number > 0:
                self.to_come.append((post, self.author(name), text))
                continue
            made = self.fake.acts.comment(self.author(name), post, text, at=at, silent=True)
            self.add_reactions(made, 3)
            for who, reply in replies:
                at += self.chance.randrange(300, 3600)
                self.fake.acts.comment(self.author(who), made, reply, at=at, silent=True)

    def add_reactions(self, thing, most=12):
        for person in self.chance.sample(self.people, self.chance.randrange(most)):
            self.fake.acts.react(person, thing, self.chance.choice(REACTIONS), silent=True)

    # What happens while one watches

    async def keep(self):
        while True:
            await asyncio.sleep(self.pace_seconds * self.chance.uniform(0.5, 1.5))
            self.happen()

    def happen(self):
        """One event. A Page's answer gets its reply first: that is what one waits for."""
        for comment in self.page_comments():
            if comment.id not in self.answered and self.asker(comment):
                self.answered.add(comment.id)
                self.fake.acts.comment(self.asker(comment), comment.root(),
                                       self.chance.choice(french.THANKS))
                return
        acts = ((self.script, 30), (self.remark, 25), (self.react, 20), (self.question, 12),
                (self.edit, 6), (self.tell_news, 4), (self.take_back, 3))
        chosen = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        chosen()

    def page_comments(self):
        page = self.fake.world.page
        return [comment for post in page.posts if not post.removed for comment in post.comments
                if comment.author is page and comment.readable()]

    def asker(self, comment):
        """Whom the Page answered: the author above it, if that is a person."""
        above = comment.parent or comment.post
        if above.author.is_page and isinstance(above, Comment):
            above = comment.root()
        return None if above.author.is_page else above.author

    def posts(self):
        return [post for post in self.fake.world.page.posts if post.public()]

    def script(self):
        if not self.to_come:
            return self.remark()
        post, author, text = self.to_come.pop(0)
        if post.public():
            self.fake.acts.comment(author, post, text)

    def remark(self):
        posts = self.posts()[-8:]
        if not posts:
            return
        post = self.chance.choice(posts)
        tops = [comment for comment in post.comments if comment.parent is None and comment.public()]
        target = self.chance.choice(tops) if tops and self.chance.random() < 0.4 else post
        photo = "jpeg" if self.chance.random() < 0.1 else None
        said = {comment.message for comment in post.comments}
        new = [text for text in french.REMARKS if text not in said]
        others = [person for person in self.people if person not in (post.author, target.author)]
        if new:
            self.fake.acts.comment(self.chance.choice(others), target, self.chance.choice(new),
                                   photo=photo)

    def react(self):
        posts = self.posts()[-8:]
        if posts:
            self.fake.acts.react(self.chance.choice(self.people), self.chance.choice(posts),
                                 self.chance.choice(REACTIONS))

    def question(self):
        """Somebody asks; what others have to say to it comes later."""
        text, comments = question = self.questions.pop(0)
        self.questions.append(question)
        people = self.chance.sample(self.people, len(comments) + 1)
        post = self.fake.acts.post(people[0], text)
        self.to_come += [(post, person, comment) for person, comment in zip(people[1:], comments)]

    def tell_news(self):
        text = self.news.pop(0)
        self.news.append(text)
        self.fake.acts.post(self.fake.world.page, text)

    def recent_comments(self):
        return [comment for post in self.posts()[-8:] for comment in post.comments
                if not comment.author.is_page and comment.public()]

    def edit(self):
        comments = self.recent_comments()
        if comments:
            comment = self.chance.choice(comments)
            note = self.chance.choice(french.EDIT_NOTES)
            if note not in comment.message:
                self.fake.acts.edit(comment, comment.message + note)

    def take_back(self):
        """Somebody removes a short remark of theirs that nobody replied to."""
        comments = [comment for comment in self.recent_comments()
                    if comment.message in french.REMARKS and not comment.replies]
        if comments:
            self.fake.acts.remove(self.chance.choice(comments))
