/// What was got beside what was wanted, a line each, in the order of both; empty if they are equal.
///
/// `-` is wanted and missing, `+` is there and unwanted.
package func difference<Element: Hashable>(got: [Element], wanted: [Element]) -> String {
  guard got != wanted else { return "" }
  let changes = got.difference(from: wanted)
  var lines = wanted.map { "    \($0)" }
  // Removals are counted in what was wanted, insertions in what was got.
  for case .remove(let index, let element, _) in changes { lines[index] = "  - \(element)" }
  var result: [String] = []
  var rest = lines[...]
  for index in 0..<(got.count + 1) {
    while let line = rest.first, line.hasPrefix("  -") { result.append(String(rest.removeFirst())) }
    guard index < got.count else { break }
    let isInserted = changes.insertions.contains {
      if case .insert(index, _, _) = $0 { true } else { false }
    }
    if isInserted {
      result.append("  + \(got[index])")
    } else if !rest.isEmpty {
      result.append(rest.removeFirst())
    }
  }
  return "wanted (-) and got (+) differ:\n" + result.joined(separator: "\n")
}
