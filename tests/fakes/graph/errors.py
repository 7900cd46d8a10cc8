"""The errors of the Graph API: codes, wordings and HTTP statuses in one place.

The codes are Meta's; several statuses and a few wordings are guesses, because the
documentation does not give them (a client decides by the code).
"""
DOCUMENTATION = "https://developers.facebook.com/docs/graph-api"


class GraphError(Exception):
    """An answer instead of the one asked for."""

    def __init__(self, code, message, *, status=400, kind="OAuthException", subcode=None,
                 transient=None, title=None, user_message=None, headers=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.kind = kind
        self.subcode = subcode
        self.transient = transient
        self.title = title
        self.user_message = user_message
        self.headers = headers or {}

    def body(self, trace):
        error = {"message": self.message, "type": self.kind, "code": self.code}
        for key, value in (("error_subcode", self.subcode), ("is_transient", self.transient),
                           ("error_user_title", self.title), ("error_user_msg", self.user_message)):
            if value is not None:
                error[key] = value
        error["fbtrace_id"] = trace
        return {"error": error}


def no_token(code):
    if code == 2500:
        return GraphError(2500, "An active access token must be used to query information about "
                                "the current user.")
    return GraphError(104, "An access token is required to request this resource.")


DEAD_TOKEN = {
    None: (401, "Invalid OAuth access token - Cannot parse access token"),
    458: (401, "Error validating access token: The user has not authorized application."),
    459: (401, "Error validating access token: The user is enrolled in a blocking, logged-in "
               "checkpoint"),
    460: (401, "Error validating access token: The session has been invalidated because the user "
               "changed their password or Facebook has changed the session for security reasons."),
    463: (401, "Error validating access token: Session has expired."),
    464: (401, "Error validating access token: Sessions for the user are not allowed because the "
               "user is not a confirmed user."),
    467: (401, "Error validating access token: The session is invalid because the user logged out."),
    492: (400, "Error validating access token: The user is not an administrator of the Page"),
}


def dead_token(subcode):
    status, message = DEAD_TOKEN.get(subcode, DEAD_TOKEN[467])
    return GraphError(190, message, status=status, subcode=subcode)


def page_token_needed():
    return GraphError(190, "(#190) This method must be called with a Page Access Token",
                      subcode=2069032, title="Page Access Token Required",
                      user_message="A Page access token is required for this call for the new "
                                   "Pages experience.")


def error_while_posting():
    return GraphError(1705, "There was an error while posting")


def proof_missing():
    return GraphError(100, "API calls from the server require an appsecret_proof argument",
                      kind="GraphMethodException")


def proof_wrong():
    return GraphError(100, "Invalid appsecret_proof provided in the API argument",
                      kind="GraphMethodException")


def missing_object(method, name):
    return GraphError(100, f"Unsupported {method.lower()} request. Object with ID '{name}' does not "
                           "exist, cannot be loaded due to missing permissions, or does not support "
                           f"this operation. Please read the Graph API documentation at {DOCUMENTATION}",
                      kind="GraphMethodException", subcode=33)


def unknown_alias(name):
    return GraphError(803, f"(#803) Some of the aliases you requested do not exist: {name}",
                      status=404)


def unknown_path(path):
    return GraphError(2500, f"Unknown path components: {path}")


def unknown_field(name, node_type):
    return GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type "
                           f"({node_type})")


def syntax(text, position):
    return GraphError(2500, f'Syntax error "Expected end of string instead of "{text[position:][:1]}"." '
                            f"at character {position}: {text[:200]}")


def parameter(message):
    return GraphError(100, f"(#100) {message}")


def limit_too_high():
    return parameter("limit must be at most 100")


def cursor_too_deep():
    return parameter("The After Cursor specified exceeds the max limit supported by this endpoint")


def cursor_bad():
    return parameter("The cursor specified is invalid or has expired")


def permission(code, name):
    if code == 10:
        return GraphError(10, f"(#10) This endpoint requires the '{name}' permission or the 'Page "
                              "Public Content Access' feature.", status=403)
    if code == 283:
        return GraphError(283, f"(#283) Requires {name} permission to manage the object")
    return GraphError(code, f"(#{code}) Requires {name} permission", status=403)


def not_yours(message):
    return GraphError(200, f"(#200) {message}", status=403)


def duplicate_post():
    return GraphError(506, "Duplicate status message", subcode=1455006, transient=False,
                      title="Duplicate Status Update",
                      user_message="This status update is identical to the last one you posted.")


def blocked(subcode):
    title, text = {
        1404082: ("Duplicate content", "This content was posted already."),
        1390008: ("You can't use this feature right now",
                  "We limit how often you can post, comment or do other things in a given amount "
                  "of time."),
    }[subcode]
    return GraphError(368, "The action attempted has been deemed abusive or is otherwise disallowed",
                      subcode=subcode, title=title, user_message=text)


def app_throttled():
    return GraphError(4, "(#4) Application request limit reached", status=403, transient=True)


def page_throttled():
    return GraphError(80001, "(#80001) There have been too many calls to this Page account. Wait a "
                             "bit and try again. For more info, please refer to "
                             "https://developers.facebook.com/docs/graph-api/overview/rate-limiting.")


def reduce_data():
    return GraphError(1, "Please reduce the amount of data you're asking for, then retry your request",
                      status=500)


def callback_refused(detail):
    return GraphError(2200, "(#2200) Callback verification failed with the following errors: "
                            f"{detail}")
