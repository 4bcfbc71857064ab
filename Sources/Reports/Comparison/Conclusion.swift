/// What can be said of one cell, in a sentence.
struct Conclusion: Sendable, Hashable {
  /// Has names from outside in it; not escaped.
  var text: String
  var verdict: Verdict?
  /// Whether some iterations weren't served.
  var isBad: Bool

  init(_ text: String, verdict: Verdict? = nil, isBad: Bool = false) {
    self.text = text
    self.verdict = verdict
    self.isBad = isBad
  }
}
