/// Why there are no facts of a runtime.
package enum ParityFailure: Error, Equatable, CustomStringConvertible {
  /// Nothing in the output is of the probe's; its first line that says anything, escaped, or nil.
  case nothing(line: String?)
  /// The output ends before the probe did, after so many facts.
  case truncated(facts: Int)
  /// The probe is of another devbench.
  case format(String)
  /// More than this many bytes.
  case tooLarge(limit: Int)
  /// More than this many facts.
  case tooMany(limit: Int)

  package var description: String {
    switch self {
    case .nothing(let line):
      "the probe told nothing\(line.map { "; the output begins with “\($0)”" } ?? ""): "
        + "look whether “sh -s” runs in the app's runtime"
    case .truncated(let facts):
      "the probe's output ends after \(facts) facts without its last line: "
        + "the shell was ended or the connection broke; probe again"
    case .format(let version):
      "the probe's output is of format \(version), and this devbench reads \(ParityProbe.version): "
        + "use the same devbench for both"
    case .tooLarge(let limit):
      "the probe's output has more than \(limit) bytes: look what the app's shell prints"
    case .tooMany(let limit):
      "the probe's output has more than \(limit) facts: look what the app's shell prints"
    }
  }
}
