/// A series in a line of text.
enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// One block a value, from the smallest to the largest; `×` for what is infinite, a space for a gap.
  static func text(_ values: [Double?]) -> String {
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      return String(values.map { $0 == nil ? " " : "×" })
    }
    return String(
      values.map { value -> Character in
        guard let value else { return " " }
        guard value.isFinite else { return "×" }
        guard high > low else { return blocks[3] }
        return blocks[Int(((value - low) / (high - low) * 7).rounded())]
      })
  }
}
