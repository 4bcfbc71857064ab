/// Keeps the lines out of the app's log that devbench's own requests cause.
///
/// An access log doesn't say whose request a line is. So at most as many lines are left out as requests
/// were sent: a visitor's are shown, if not always the visitor's very own.
struct OwnRequests {
  private var leftOut = 0

  /// - Parameters:
  ///   - path: what devbench asks for.
  ///   - sent: requests that reached the app so far.
  mutating func cause(_ line: String, path: String, sent: Int) -> Bool {
    guard line.contains("GET \(path) ") || line.contains("devbench-probe"), leftOut < sent else {
      return false
    }
    leftOut += 1
    return true
  }
}
