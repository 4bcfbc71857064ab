/// A family of gauges: lines of metadata, then every point, series by series.
struct OpenMetricsFamily {
  private let name: String
  private let help: String
  /// In the order in which they came.
  private var series: [String] = []
  private var points: [String: [String]] = [:]

  private init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }

  /// - Parameter labels: as they stand behind the name.
  mutating func add(_ labels: String, _ value: String) {
    if points[labels] == nil { series.append(labels) }
    points[labels, default: []].append(value)
  }

  /// Nil without points.
  var text: String? {
    guard !series.isEmpty else { return nil }
    var text = "# TYPE \(name) gauge\n"
    // A unit is the end of a name, always.
    if name.hasSuffix("_seconds") { text += "# UNIT \(name) seconds\n" }
    text += "# HELP \(name) \(OpenMetricsText.escape(help))\n"
    for labels in series {
      for point in points[labels] ?? [] { text += "\(name)\(labels) \(point)\n" }
    }
    return text
  }

  private static let list = [
    // A gauge, for node_exporter and the Pushgateway know no type info.
    OpenMetricsFamily("devbench_run_info", "A run of a scenario."),
    OpenMetricsFamily(
      "devbench_run_start_timestamp_seconds", "When the run started, in seconds since 1970."),
    OpenMetricsFamily(
      "devbench_latency_seconds", "From a save to the new code being served, over served edits."),
    OpenMetricsFamily(
      "devbench_latency_median_low_seconds", "Lower end of the median's 95 % interval."),
    OpenMetricsFamily(
      "devbench_latency_median_high_seconds", "Upper end of the median's 95 % interval."),
    OpenMetricsFamily(
      "devbench_iterations", "Iterations measured, by outcome; warm-ups not counted."),
    OpenMetricsFamily(
      "devbench_planned_iterations", "Iterations that the run set out to measure."),
    OpenMetricsFamily(
      "devbench_all_served_latency_seconds", "From a save to every replica serving the new code."),
    OpenMetricsFamily(
      "devbench_all_served_iterations", "Iterations whose edit every replica served."),
    OpenMetricsFamily(
      "devbench_phase_median_seconds", "Median of a phase over served edits."),
    OpenMetricsFamily(
      "devbench_lost_edits", "Edits saved while the link failed that were never served."),
  ]

  static let order = list.map(\.name)
  static let all = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
}

/// Text in OpenMetrics.
enum OpenMetricsText {
  /// `{path="sync",edit="message"}`. A label without a value is the same as none, and left out.
  static func labels(_ labels: [(String, String)]) -> String {
    let pairs = labels.filter { !$0.1.isEmpty }.map { "\($0.0)=\"\(escape(clean($0.1)))\"" }
    return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
  }

  static func clean(_ text: String) -> String { PlainText.clean(text) }

  /// Backslashes, line ends and quotation marks, by code point: an accent may follow one.
  static func escape(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": output.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": output.append(contentsOf: "\\n".unicodeScalars)
      case "\"": output.append(contentsOf: "\\\"".unicodeScalars)
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
