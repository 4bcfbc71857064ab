/// Runs the app of a container as a child that can be restarted without a new container: a program for
/// any POSIX shell, given as the argument of `sh -c`, to be the container's process 1.
///
/// On TERM, INT, QUIT and WINCH, the signals that images name to be stopped by, it sends the app TERM, and
/// it ends with the app's status. On HUP and USR1 it ends the app (TERM, after `grace` KILL), kills what is
/// left of its descendants, and starts it anew. An app that ends by itself with a status other than 0
/// leaves the container running: the fix for a crash can be synced into it.
package enum Supervisor {
  /// What the supervisor says, each on a line of its own on its standard error.
  package enum Event: Sendable, Hashable {
    /// All of the old app is gone; the restart was asked for.
    case stopped
    case starting
    /// The app ended by itself. 128 and the signal if one ended it.
    case exited(status: Int)

    /// Reads a line of the container's log; nil if it isn't the supervisor's.
    package init?(line: some StringProtocol) {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.first == "devbench:" else { return nil }
      switch words.dropFirst() {
      case ["stopped"]: self = .stopped
      case ["starting"]: self = .starting
      case let rest where rest.starts(with: ["exited", "with", "status"]) && rest.count == 4:
        guard let status = rest.last.flatMap({ Int($0) }) else { return nil }
        self = .exited(status: status)
      default: return nil
      }
    }
  }

  /// The command for a container's manifest, which runs `command` supervised.
  ///
  /// - Parameters:
  ///   - command: what the image would run: its entry point and its arguments. A manifest expands
  ///     `$(NAME)` and `$$` in it; what comes from an image has to be escaped for that before.
  ///   - grace: how long the old app may take to end at a restart, in seconds.
  package static func command(
    wrapping command: [String], grace: Double = 0.3
  ) -> [String] {
    ["sh", "-c", text, "devbench-supervisor", "\(grace)"] + command
  }

  /// Run in the container, restarts the app. The shell sends the signal itself: slim images have no
  /// `kill`.
  package static let restartCommand = ["sh", "-c", "kill -HUP 1"]

  // Manifests expand two dollars and a dollar before a parenthesis: neither is written here.
  static let text = #"""
    grace=$1
    shift
    if [ ${#} = 0 ]; then echo 'devbench: no command to run' >&2; exit 64; fi
    me=${$}
    say() { echo "devbench: $*" >&2; }

    # In a session of its own the app can be signalled with all of its children.
    group=
    if command -v setsid >/dev/null 2>&1; then
      group=yes
      launch() { exec setsid "$@"; }
    else
      if [ -n "${BASH_VERSION-}" ]; then set -m && group=yes; fi
      launch() { exec "$@"; }
    fi

    # $over is never taken back: who wants the end gets it, whenever that was said.
    app= idle= timer= want= over= status=0
    send() {
      if [ -n "$group" ]; then kill -s "$1" -- "-$app" 2>/dev/null && return; fi
      # It may not have got as far as its session.
      kill -s "$1" "$app" 2>/dev/null
    }
    # Asked for by a signal. Whatever is waited for ends, whenever the signal comes.
    restart() {
      want=restart
      if [ -n "$idle" ]; then kill "$idle" 2>/dev/null; fi
      if [ -z "$app" ] || [ -n "$timer" ]; then return; fi
      send TERM
      { sleep "$grace" 2>/dev/null || sleep 1; send KILL; } </dev/null >/dev/null &
      timer=$!
    }
    end() {
      over=yes
      if [ -n "$idle" ]; then kill "$idle" 2>/dev/null; fi
      if [ -n "$app" ]; then send TERM; fi
    }
    trap restart HUP USR1
    # Shells start what runs beside them with INT ignored: the app gets TERM for it.
    trap end TERM INT QUIT WINCH

    fields() {
      { IFS= read -r line <"$1/stat"; } 2>/dev/null || return 1
      # The name in front may hold anything.
      line=${line##*') '}
      state=${line%% *} line=${line#* }
      parent=${line%% *} line=${line#* }
      line=${line#* }
      session=${line%% *}
    }
    # Kills what the app leaves: its group, and what has come to process 1. What was run into the
    # container from outside has a leader without a parent, and stays.
    sweep() {
      if [ -n "$group" ]; then kill -s KILL -- "-$app" 2>/dev/null; fi
      [ "$me" = 1 ] || return 0
      found=yes rounds=
      while [ -n "$found" ] && [ ${#rounds} -lt 100 ]; do
        found= rounds=x$rounds
        for process in /proc/[0-9]*; do
          fields "$process" || continue
          if [ "$parent" != 1 ] || [ "$state" = Z ]; then continue; fi
          if [ "$session" != 1 ] && fields "/proc/$session" && [ "$parent" = 0 ]; then continue; fi
          kill -s KILL "${process#/proc/}" 2>/dev/null && found=yes
        done
      done
    }

    while :; do
      want= timer= idle=
      if [ -n "$over" ]; then exit "$status"; fi
      say starting
      launch "$@" &
      app=$!
      # Asked for before its number was known.
      if [ -n "$over" ]; then
        send TERM
      elif [ -n "$want" ]; then
        restart
      fi
      # A signal ends the wait, not the app.
      while :; do
        wait "$app" 2>/dev/null
        status=$?
        kill -0 "$app" 2>/dev/null || break
      done
      # A wait that a signal ended says nothing of an app that ended meanwhile: that is still to be had.
      wait "$app" 2>/dev/null
      late=$?
      if [ "$late" != 127 ]; then status=$late; fi
      if [ -n "$timer" ]; then kill "$timer" 2>/dev/null; fi
      if [ -n "$over" ]; then exit "$status"; fi
      if [ -n "$want" ]; then
        sweep
        app=
        say stopped
        continue
      fi
      sweep
      app=
      say "exited with status $status"
      if [ "$status" = 0 ]; then exit 0; fi
      # A signal before this knows no app: it's remembered.
      while [ -z "$want$over" ]; do
        sleep 3600 &
        idle=$!
        if [ -z "$want$over" ]; then wait "$idle" 2>/dev/null; fi
        kill "$idle" 2>/dev/null
      done
      if [ -n "$over" ]; then exit "$status"; fi
      say stopped
    done
    """#
}
