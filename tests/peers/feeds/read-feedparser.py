"""What feedparser reads in the feed on stdin: one JSON line with its faults, and id, link, title and moment of each entry."""
import calendar
import html
import json
import sys

import feedparser


def title_of(entry):
    # RSS does not say whether a title is HTML; feedparser takes one with tags in it for HTML, and hands it on escaped.
    detail = entry.get("title_detail", {})
    title = entry.get("title", "")
    return html.unescape(title) if detail.get("type") == "text/html" else title


feed = feedparser.parse(sys.stdin.buffer.read())
rows = [[e.id, e.link, title_of(e), calendar.timegm(e.published_parsed)] for e in feed.entries]
print(json.dumps({"bozo": bool(feed.bozo), "entries": rows}))
