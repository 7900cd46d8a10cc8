"""Call counts and what follows from them: the usage headers and being throttled."""
from . import errors, wire

HOUR = 3600
DAY = 24 * HOUR


class Usage:
    """Counts per hour. A forced percentage replaces the count until its minutes are over."""

    def __init__(self, settings, clock, page_id):
        self.settings = settings
        self.clock = clock
        self.page_id = page_id
        self.by_hour = {"page": {}, "app": {}}
        self.forced = {}     # scope → (percent, until)
        self.calls_while_throttled = 0

    def count(self, scope, calls=1):
        hours = self.by_hour[scope]
        hour = self.clock.now() // HOUR
        hours[hour] = hours.get(hour, 0) + calls
        for old in [known for known in hours if known <= hour - 24]:
            del hours[old]

    def force(self, scope, percent, minutes):
        self.forced[scope] = (percent, self.clock.now() + int(minutes * 60))

    def percent(self, scope):
        forced = self.forced.get(scope)
        if forced and forced[1] > self.clock.now():
            return forced[0]
        hour = self.clock.now() // HOUR
        if scope == "app":
            most, used = 200 * self.settings["app_users"], self.by_hour[scope].get(hour, 0)
        else:
            most = 4800 * self.settings["engaged_users"]
            used = sum(calls for when, calls in self.by_hour[scope].items() if when > hour - 24)
        return used * 100 // max(1, most)

    def minutes_left(self, scope):
        forced = self.forced.get(scope)
        if forced and forced[1] > self.clock.now():
            return -(-(forced[1] - self.clock.now()) // 60)
        return 60 if self.percent(scope) >= 100 else 0

    def refuse(self, scope):
        """Throttled: an error, and one minute more for having asked."""
        if self.percent(scope) < 100:
            return
        self.calls_while_throttled += 1
        if scope in self.forced:
            percent, until = self.forced[scope]
            self.forced[scope] = (percent, until + 60)
        raise errors.page_throttled() if scope == "page" else errors.app_throttled()

    def headers(self, scope):
        mode = self.settings["usage_headers"]
        if mode == "garbage":
            return {"X-App-Usage": "not json", "X-Business-Use-Case-Usage": '{"1":[]}'}
        percent = self.percent(scope)
        if mode == "never" or (mode == "near" and percent < 75):
            return {}
        shares = {"call_count": percent, "total_cputime": percent // 2, "total_time": percent // 2}
        if scope == "app":
            return {"X-App-Usage": wire.dumps(shares)}
        case = dict({"type": "pages"}, **shares,
                    estimated_time_to_regain_access=self.minutes_left(scope))
        return {"X-Business-Use-Case-Usage": wire.dumps({self.page_id: [case]})}
