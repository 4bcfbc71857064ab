import signal
import sys

from flask import Flask, make_response, render_template

app = Flask(__name__)


@app.route("/")
def hello():
    return "Hello from here!"


# Werkzeug sets partitioned cookies from 3.1 on. An older one has no such argument.
@app.route("/login")
def login():
    response = make_response("Signed in\n")
    response.set_cookie("session", "1", secure=True, partitioned=True)
    return response


# The file is greeting.txt: only a file system that ignores case, as those of macOS and Windows do, has this one.
@app.route("/greeting")
def greeting():
    return render_template("Greeting.txt")


# As PID 1 of a container a process has no default handler for SIGTERM; exit on it at once.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
