"""The Page as a plain web page, for a developer: look, and act as a customer by forms.

No JavaScript. It shows everything, also what is hidden or removed, marked so.
"""
import html
import time
import urllib.parse

from .http1 import Response
from .state import Comment

POSTS_SHOWN = 30
STYLE = """
body{font:16px/1.45 system-ui,sans-serif;max-width:46rem;margin:1rem auto;padding:0 1rem;
background:#f0f2f5;color:#1c1e21}
article{background:#fff;border-radius:8px;padding:1rem;margin:1rem 0;box-shadow:0 1px 2px #0002}
.comment{border-left:3px solid #dde;padding:.3rem 0 .3rem .8rem;margin:.5rem 0}
.comment:target,article:target{outline:2px solid #1b5fc1}
.page>b,.page>p>b:first-child{color:#1b5fc1}.gone{color:#6b6f76;text-decoration:line-through}
small{color:#5b5f66}textarea,input{font:inherit;max-width:100%}textarea{width:100%;box-sizing:border-box}
form{margin:.3rem 0}details{display:inline-block;vertical-align:top}.text{white-space:pre-wrap;margin:.2rem 0}
"""
SECURITY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; "
                                       "form-action 'self'; frame-ancestors 'none'"}


def answer(fake, request):
    if request.method == "POST" and request.path.startswith("/act/"):
        return act(fake, request.path[len("/act/"):], request.parameters())
    if request.method != "GET":
        return Response(405, "Not allowed", content_type="text/plain")
    query = dict(urllib.parse.parse_qsl(request.query))
    if request.path == "/":
        posts = sorted(fake.world.page.posts, key=lambda post: (-post.created, -post.number))[:POSTS_SHOWN]
        return page(fake, posts)
    return permalink(fake, request.path, query)


def permalink(fake, path, query):
    """/{page}/posts/{pfbid} and /permalink.php?story_fbid=: so that links lead somewhere."""
    parts = [part for part in path.split("/") if part]
    token = parts[2] if len(parts) == 3 and parts[1] == "posts" else query.get("story_fbid")
    post = fake.world.pfbids.get(token)
    if post is None:
        return Response(404, "There is no such page", content_type="text/plain")
    return page(fake, [post])


def act(fake, name, form):
    """A form was sent. Afterwards the page again, at the thing acted on."""
    who = fake.world.page if form.get("who", "").strip() == "page" else fake.world.person_named(
        form.get("who", "").strip()[:80] or "Visiteur")
    text = form.get("message", "").replace("\r\n", "\n").strip()
    target = fake.world.find(form.get("id", ""))
    if name == "post" and text:
        target = fake.acts.post(who, text, photos=1 if form.get("photo") else 0)
    elif target is None or not hasattr(target, "removed"):
        return Response(400, "There is nothing to act on", content_type="text/plain")
    elif name == "comment" and (text or form.get("photo")):
        target = fake.acts.comment(who, target, text, photo="jpeg" if form.get("photo") else None)
    elif name == "edit" and text:
        fake.acts.edit(target, text)
    elif name in ("hide", "unhide"):
        fake.acts.hide(target, name == "hide")
    elif name == "delete":
        fake.acts.remove(target)
    elif name == "like":
        fake.acts.react(who, target, "LIKE")
    else:
        return Response(400, "Nothing was written", content_type="text/plain")
    return Response(303, b"", {"Location": f"/#o{target.number}"})


def page(fake, posts):
    world = fake.world
    title = html.escape(world.page.name)
    state = fake.sender.describe()
    parts = [f"<!DOCTYPE html><html lang=fr><meta charset=utf-8><title>{title} (faux Facebook)</title>"
             f"<meta name=viewport content='width=device-width'><style>{STYLE}</style>"
             f"<h1><a href='/'>{title}</a></h1><p><small>Ceci n’est pas Facebook : une doublure locale. "
             f"Webhooks : {state.get('delivered', 0)} livrés, {state['queued'] + state['ready']} en attente, "
             f"{state['waiting']} à renvoyer. <a href='/'>Actualiser</a></small></p>",
             "<article><details><summary>Écrire sur la Page</summary>",
             write_form("post", "", "Publier", photo=True), "</details></article>"]
    parts += [show_post(fake, post) for post in posts]
    return Response(200, "".join(parts), SECURITY, content_type="text/html; charset=utf-8")


def show_post(fake, post):
    comments = {}
    for comment in sorted(post.comments, key=lambda comment: (comment.created, comment.number)):
        comments.setdefault(comment.parent, []).append(comment)
    pictures = "".join(f"<p><img src='{html.escape(fake.media.url(photo))}' alt='' width=360></p>"
                       for photo in post.photos if photo.mode in ("jpeg", "png"))
    return (f"<article id=o{post.number} class='{css(post)}'>{heading(post)}{pictures}{tools(post)}"
            + "".join(show_comment(fake, comment, comments, 0) for comment in comments.get(None, []))
            + "</article>")


def show_comment(fake, comment, comments, depth):
    picture = ""
    if comment.photo and comment.photo.mode in ("jpeg", "png"):
        picture = f"<p><img src='{html.escape(fake.media.url(comment.photo))}' alt='' width=240></p>"
    below = "".join(show_comment(fake, reply, comments, depth + 1)
                    for reply in comments.get(comment, []) if depth < 50)
    return (f"<div id=o{comment.number} class='comment {css(comment)}'>{heading(comment)}{picture}"
            f"{tools(comment)}{below}</div>")


def css(thing):
    return "page" if thing.author.is_page else ""


def heading(thing):
    marks = [word for word, is_so in (
        ("supprimé", thing.removed), ("masqué", thing.hidden),
        ("privé", getattr(thing, "private", False)), ("illisible", getattr(thing, "unreadable", False)),
        ("non publié", not getattr(thing, "published", True))) if is_so]
    when = time.strftime("%d/%m/%Y %H:%M:%S", time.gmtime(thing.created))
    likes = sum(thing.reactions.counts().values()) if thing.reactions else 0
    gone = " gone" if thing.removed else ""
    return (f"<b>{html.escape(thing.author.name)}</b> <small>{when} UTC"
            + (f" · ♥ {likes}" if likes else "") + (f" · <b>{', '.join(marks)}</b>" if marks else "")
            + f" · {thing.id}</small><p class='text{gone}'>{html.escape(thing.message or '')}</p>")


def tools(thing):
    """The forms under one post or comment; nothing under what is gone."""
    if thing.removed:
        return ""
    verb = ("unhide", "Démasquer") if thing.hidden else ("hide", "Masquer")
    reply = "Répondre" if isinstance(thing, Comment) else "Commenter"
    return (f"<details><summary>{reply}</summary>{write_form('comment', thing.id, reply, photo=True)}"
            f"</details> <details><summary>Modifier</summary>{edit_form(thing)}</details> "
            "<details><summary>Plus</summary>" + button(*verb, thing.id)
            + button("delete", "Supprimer", thing.id) + button("like", "J’aime", thing.id)
            + "</details>")


def write_form(name, target, label, photo=False):
    extra = "<label><input type=checkbox name=photo value=1> avec une photo</label> " if photo else ""
    return (f"<form method=post action='/act/{name}'><input type=hidden name=id value='{target}'>"
            "<p><label>Nom (ou « page ») <input name=who value='Sophie Martin' maxlength=80></label></p>"
            f"<p><label>Texte <textarea name=message rows=3></textarea></label></p>{extra}"
            f"<button>{label}</button></form>")


def edit_form(thing):
    return (f"<form method=post action='/act/edit'><input type=hidden name=id value='{thing.id}'>"
            f"<label>Nouveau texte <textarea name=message rows=3>{html.escape(thing.message or '')}"
            "</textarea></label><button>Enregistrer</button></form>")


def button(name, label, target):
    return (f"<form method=post action='/act/{name}'><input type=hidden name=id value='{target}'>"
            f"<button>{label}</button></form>")
