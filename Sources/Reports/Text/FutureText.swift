/// How runs that are dated later than now are told of.
package enum FutureText {
  private static let named = 3

  /// `runs a, b, c and 2 more are dated later than now`; nil without any. Ids aren't escaped.
  package static func sentence(_ ids: [String]) -> String? {
    guard let last = ids.last else { return nil }
    if ids.count == 1 { return "run \(last) is dated later than now" }
    let shown = ids.prefix(named)
    let names =
      ids.count > named
      ? shown.joined(separator: ", ") + " and \(ids.count - named) more"
      : shown.dropLast().joined(separator: ", ") + " and \(last)"
    return "runs \(names) are dated later than now"
  }
}
