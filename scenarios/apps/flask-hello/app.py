import signal
import sys

from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello, World from Flask!"


# As PID 1 of a container a process has no default handler for SIGTERM; exit on it at once.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
