import ArgumentParser

/// The exit statuses of every command, and the only place that defines them.
enum ExitStatus: Int32, CaseIterable {
  case fine = 0
  case failed = 1
  case regression = 2
  case inconclusive = 3
  /// EX_USAGE of sysexits.h, which ArgumentParser uses too.
  case usage = 64
  /// 128 and the signal's number, as shells have it.
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  var code: ExitCode { ExitCode(rawValue) }

  var meaning: String {
    switch self {
    case .fine: "fine"
    case .failed: "devbench, the app or a trial failed, or an edit was not served"
    case .regression: "a regression was found"
    case .inconclusive: "it can't be said whether there is one"
    case .usage: "wrong usage, or an invalid scenario"
    case .hungUp: "ended by SIGHUP"
    case .interrupted: "ended by Ctrl-C (SIGINT)"
    case .terminated: "ended by SIGTERM"
    }
  }

  static var table: String {
    allCases.map { status in
      let number = "\(status.rawValue)"
      return "  " + number + String(repeating: " ", count: 5 - number.count) + status.meaning
    }.joined(separator: "\n")
  }
}
