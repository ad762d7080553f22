"""What every starter is written with: runs of events, and pinned contracts."""

import json


class Run:
    """One conversation as Bounden's own events, ten seconds apart."""

    def __init__(self, session, principal, day, **tags):
        self.session, self.principal, self.day = session, principal, day
        self.events, self.seconds = [], 0
        self.event("start", tags=tags)

    def event(self, kind, **members):
        number = f"e{len(self.events) + 1}"
        minute, second = divmod(self.seconds, 60)
        at = f"2026-03-{self.day:02}T10:{minute:02}:{second:02}Z"
        self.seconds += 10
        head = {"id": number, "session": self.session, "principal": self.principal, "event": kind}
        self.events.append({**head, **members, "at": at})
        return number

    def begins(self, minute):
        """Moves the beginning within its hour, for conversations that share a history."""
        self.seconds, start = minute * 60, self.events.pop()
        self.event("start", tags=start["tags"])
        return self

    def asks(self, text):
        self.event("request", text=text)
        return self

    def calls(self, tool, args, result=None):
        """A call; without a result it was stopped before it reached the server."""
        call = self.event("call", tool=tool, args=args)
        if result is not None:
            self.event("result", call=call, ok=True, result=result)
        return self

    def is_held_and_granted(self, role, tool, args, result):
        """A call that waits until a person agrees, and is then made."""
        held = self.event("call", tool=tool, args=args)
        self.event("approve", role=role, by="nina", **{"for": held})
        call = self.event("call", tool=tool, args=args, retry_of=held)
        self.event("result", call=call, ok=True, result=result)
        return self

    def says(self, text):
        self.event("output", text=text)
        return self

    def logs(self, text):
        self.event("log", text=text)
        return self

    def ends(self):
        self.event("end")
        return "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in self.events)
