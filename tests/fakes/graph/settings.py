"""How the fake behaves where Facebook's behaviour differs, is unknown, or is a mood.

Each setting has its default here; POST /_ctl/settings changes them while it runs.
A share is a probability from 0 to 1, drawn from the seed.
"""

DEFAULTS = {
    # Writing
    "reply_to_reply": "flatten",        # flatten | refuse | nest
    "duplicate_error": "506",           # 506 | 368 | off
    "duplicate_window_seconds": 60,
    "write_interval_seconds": 0,        # two writes closer than this: 368/1390008
    "write_block_seconds": 3600,        # … and no write at all for so long
    "user_token_write": "1705",         # 1705 | 2069032
    "comment_max_units": 8000,          # UTF-16 units
    "post_max_characters": 63206,
    # Tokens and permissions
    "no_token_code": 104,               # 104 | 2500
    "proof_required": False,
    "standard_access": False,           # people's `from` is left out everywhere
    "numeric_ids": "sometimes",         # debug_token: never | sometimes | always
    # Fields
    "forbidden_fields": {},             # field name → 10 | 200 | 283
    "unknown_fields": [],               # fields that this version no longer knows
    # Paging
    "cursor_mode": "offset",            # offset | item (does not slip when items vanish)
    "after_cursor_max": 0,              # deepest offset a cursor may have; 0: no end
    "yearly_posts_max": 0,              # 600 on Facebook; 0: all posts are reachable
    # Comments
    "photo_comments_apart": False,      # comments on a photo are only read at the photo
    # Limits
    "usage_headers": "always",          # always | near | never | garbage
    "engaged_users": 1000,              # 4800 calls a day each, for Page tokens
    "app_users": 1000,                  # 200 calls an hour each, for user and app tokens
    # Media
    "media_lifetime_seconds": 7 * 86400,
    "drip_bytes_per_second": 1,
    "huge_bytes": 500 * 1024 * 1024,
    # Answers
    "gzip": True,
    "answer_max_bytes": 0,              # larger answers fail: "reduce the amount of data"
    # Webhooks
    "webhook_values": True,             # "Include values" off: changed_fields only
    "webhook_batch": 1,                 # changes in one delivery, at most
    "webhook_concurrency": 1,
    "webhook_timeout_seconds": 10,
    "webhook_delay_seconds": 0,
    "webhook_lose": 0.0,                # shares
    "webhook_duplicate": 0.0,
    "webhook_reorder": 0.0,
    "webhook_omit_from": 0.0,
    "webhook_omit_post": 0.0,
    "webhook_bad_signature": 0.0,
    "webhook_foreign": 0.0,
    "webhook_numeric_ids": 0.0,
    "webhook_unsubscribe_after_seconds": 0,  # failing for so long ends the subscription
}


def fresh():
    return {name: value.copy() if isinstance(value, (dict, list)) else value
            for name, value in DEFAULTS.items()}


def change(settings, changes):
    """Takes changes over; a name or a type nobody knows is a ValueError."""
    for name, value in changes.items():
        if name not in DEFAULTS:
            raise ValueError(f"there is no setting '{name}'")
        known = type(DEFAULTS[name])
        if known is float and type(value) is int:
            value = float(value)
        if type(value) is not known:
            raise ValueError(f"'{name}' must be {known.__name__}")
        settings[name] = value
