"""What feedparser reads in the feeds named, or in the one on stdin: a JSON line each with its faults, and id, link, title and moment of each entry."""
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


def read(data):
    feed = feedparser.parse(data)
    rows = [[e.id, e.link, title_of(e), calendar.timegm(e.published_parsed)] for e in feed.entries]
    print(json.dumps({"bozo": bool(feed.bozo), "entries": rows}))


for name in sys.argv[1:]:
    with open(name, "rb") as file:
        read(file.read())
if len(sys.argv) == 1:
    read(sys.stdin.buffer.read())
