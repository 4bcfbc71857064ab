/// Why a line is no run that can be taken over; without the file and the line, which the reader of lines knows.
package enum RunDocumentFault: Error, Sendable, Hashable {
  /// Not JSON, or not text.
  case notJSON(detail: String)
  /// JSON of something else.
  case foreign
  case newer(version: Int)
  /// A field that is missing, of another type, or whose value can't be.
  case field(String, problem: String)
}

extension RunDocumentFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notJSON(let detail):
      "this isn't a whole JSON document (\(detail)); each run is one line, as `devbench export "
        + "--format json` writes it and `jq -c .` keeps it"
    case .foreign:
      "this is JSON, but no run: it doesn't begin with \"devbench\": \"run\"; import takes what "
        + "`devbench export --format json` writes"
    case .newer(let version):
      "made by a newer devbench (version \(version)); this one reads \(RunDocument.version): "
        + "upgrade devbench"
    case .field(let field, let problem):
      "\(field) \(problem)"
    }
  }
}
