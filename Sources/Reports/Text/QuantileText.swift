import Statistics

/// Quantiles over all edits, some of which weren't served.
enum QuantileText {
  /// `0.349 s`; `> 1 min` where so many edits weren't served by then; `never` where so many failed.
  static func text(_ quantile: KaplanMeier.Quantile) -> String {
    switch quantile {
    case .reached(let seconds): DurationText.text(seconds)
    case .beyond(.infinity): "never"
    case .beyond(let limit): "> \(DurationText.text(limit))"
    }
  }

  /// The same in a sentence: `beyond the limit (> 1 min)`.
  static func words(_ quantile: KaplanMeier.Quantile) -> String {
    switch quantile {
    case .reached: text(quantile)
    case .beyond(.infinity): "never reached"
    case .beyond: "beyond the limit (\(text(quantile)))"
    }
  }

  /// `restart, all edits`: of the row below a cell's.
  static func label(_ cell: CellResult) -> String { "\(cell.label), all edits" }
}
