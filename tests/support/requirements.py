"""What search engines ask of each kind of data, as a table; docs/seo.md has the sources.

required: must be there. recommended: is there wherever the site knows it. Anything else
than these two and "allowed" is refused, so that nothing invented or outdated creeps in
(dateCreated, an empty list of answers, a default picture).
"""

PERSON = {"required": {"name"}, "recommended": {"url"}, "allowed": set()}

TYPES = {
    # https://developers.google.com/search/docs/appearance/structured-data/qapage
    "QAPage": {"required": {"mainEntity"}, "recommended": set(), "allowed": set()},
    "Question": {
        "required": {"name", "answerCount"},
        "recommended": {"text", "author", "datePublished", "upvoteCount", "commentCount"},
        "allowed": {"acceptedAnswer", "suggestedAnswer", "comment", "dateModified", "image", "url", "inLanguage"}},
    "Answer": {
        "required": {"text"},
        "recommended": {"url", "author", "datePublished", "upvoteCount", "commentCount"},
        "allowed": {"dateModified", "comment", "image"}},
    # https://developers.google.com/search/docs/appearance/structured-data/discussion-forum
    "DiscussionForumPosting": {
        "required": {"author", "datePublished", "text"},
        "recommended": {"headline", "url", "commentCount", "isPartOf"},
        "allowed": {"comment", "dateModified", "image", "interactionStatistic", "inLanguage"}},
    "Comment": {
        "required": {"author", "datePublished", "text"},
        "recommended": {"url"},
        "allowed": {"comment", "commentCount", "dateModified", "image", "interactionStatistic", "upvoteCount"}},
    "InteractionCounter": {
        "required": {"interactionType", "userInteractionCount"}, "recommended": set(), "allowed": set()},
    "Person": PERSON,
    # https://developers.google.com/search/docs/appearance/structured-data/breadcrumb
    "BreadcrumbList": {"required": {"itemListElement"}, "recommended": set(), "allowed": set()},
    "ListItem": {"required": {"position", "name"}, "recommended": set(), "allowed": {"item"}},
}


def check(item):
    """An item of microdata and all below it."""
    kind = item["@type"]
    table = TYPES[kind]
    there = {name for name in item if name != "@type"}
    assert table["required"] <= there, (kind, "lacks", table["required"] - there)
    known = table["required"] | table["recommended"] | table["allowed"]
    assert there <= known, (kind, "must not have", there - known)
    for name in there:
        for value in item[name]:
            if isinstance(value, dict):
                check(value)
            else:
                assert value.strip(), (kind, name, "is empty")
