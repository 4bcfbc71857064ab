/// Parts of a whole as people read them.
enum ShareText {
  /// `12 %`, and `<1 %` for what is little but not nothing.
  static func text(_ share: Double) -> String {
    if share > 0, share < 0.005 { return "<1 %" }
    return DurationText.fixed(share * 100, 0) + " %"
  }
}

extension String {
  /// The same with a capital first letter.
  package var uppercasedStart: String { prefix(1).uppercased() + dropFirst() }
}
