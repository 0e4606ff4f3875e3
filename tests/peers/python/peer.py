"""The reference validator of Open Badges 2.0 (PyPI openbadges), asked about the badge of one folder, offline.

    python peer.py FOLDER [ROUNDS]

reads ask.json (`input`: an address or a JWS; `recipient`: a profile or null) and documents.json (address → status,
content type, base64 body), answers {"valid": …, "why": […]} on standard output. Asked for so
many ROUNDS, it judges again and again and adds `micros`: the median of a round, in microseconds.
"""

import base64
import json
import pathlib
import statistics
import sys
import time

import requests
from requests.adapters import BaseAdapter

FOLDER = pathlib.Path(sys.argv[1])
DOCUMENTS = json.loads((FOLDER / "documents.json").read_text("utf-8"))


class Local(BaseAdapter):
    """Answers from the folder; what is not there does not exist."""

    def send(self, request, **_):
        known = DOCUMENTS.get(request.url.split("#")[0], {"status": 404, "type": "text/plain", "body": ""})
        response = requests.Response()
        response.status_code = known["status"]
        response.url = request.url
        response.request = request
        response.headers["Content-Type"] = known["type"]
        response.encoding = "utf-8"
        response._content = base64.b64decode(known["body"])
        return response

    def close(self):
        pass


def offline(self):
    original(self)
    self.mount("https://", Local())
    self.mount("http://", Local())


original = requests.Session.__init__
requests.Session.__init__ = offline

from openbadges.verifier import verify  # noqa: E402  (sessions made at import are offline too)

ask = json.loads((FOLDER / "ask.json").read_text("utf-8"))


def judge():
    return verify(ask["input"], ask["recipient"], use_cache=False)["report"]


def timed():
    begun = time.perf_counter()
    judge()
    return (time.perf_counter() - begun) * 1e6


report = judge()
why = [message["result"] for message in report["messages"] if message["messageLevel"] == "ERROR"]
answer = {"valid": report["valid"], "why": why}
if len(sys.argv) > 2:
    answer["micros"] = statistics.median(timed() for _ in range(int(sys.argv[2])))
print(json.dumps(answer))
