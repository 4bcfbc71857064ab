import Decision
import Measurement
import Statistics

/// A workflow's score as a bar that is divided by what each criterion contributes, on a scale from 0 to 1.
struct ScoreBars {
  let ranking: Ranking
  private static let colours = 12

  /// The CSS class of a criterion's colour, the same in every bar.
  static func style(_ index: Int) -> String { "p\(index % colours)" }

  func svg(of entry: Ranking.Entry, identifier: String) -> String {
    let words = zip(ranking.rows, entry.contributions).map { row, part in
      "\(PlainText.line(row.name)) \(DurationText.fixed(part, 3))"
    }.joined(separator: ", ")
    let interval =
      "\(DecisionText.score(entry.interval.low)) to \(DecisionText.score(entry.interval.high))"
    var svg = """
      <svg class="bar" role="img" width="100%" height="34" \
      aria-labelledby="\(identifier)-t \(identifier)-d">
      <title id="\(identifier)-t">Score of \(entry.workflow.rawValue)</title>
      <desc id="\(identifier)-d">\(DecisionText.score(entry.score)) of 1, with 95 of 100 between \
      \(interval). Made of: \(HTMLText.escape(words)).</desc>

      """
    var start = 0.0
    for (index, part) in entry.contributions.enumerated() where part > 0 {
      let width = part * 100
      svg += "<rect class=\"\(Self.style(index))\" x=\"\(DurationText.fixed(start, 2))%\" y=\"1\" "
      svg += "width=\"\(DurationText.fixed(width, 2))%\" height=\"24\"><title>"
      svg += "\(HTMLText.escape(PlainText.line(ranking.rows[index].name))): "
      svg += "\(DurationText.fixed(part, 3))</title></rect>\n"
      start += width
    }
    let (low, high) = (entry.interval.low * 100, entry.interval.high * 100)
    svg += "<g class=\"forest\"><line class=\"error\" x1=\"\(DurationText.fixed(low, 2))%\" "
    svg += "x2=\"\(DurationText.fixed(high, 2))%\" y1=\"30\" y2=\"30\"/></g>\n"
    return svg + "</svg>\n"
  }
}
