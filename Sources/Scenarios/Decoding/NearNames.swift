/// Finds the name that a misspelt one probably stands for.
enum NearNames {
  /// Longer words are no misspelt names, and comparing them takes quadratic time.
  private static let longestWord = 64

  /// The nearest of the words, unless all differ in more than a third of their letters.
  static func nearest(to word: String, among words: [String]) -> String? {
    guard word.utf8.count <= longestWord else { return nil }
    let wanted = word.lowercased()
    let near = words.compactMap { candidate -> (distance: Int, word: String)? in
      let distance = editDistance(wanted, candidate.lowercased())
      return distance <= max(1, candidate.count / 3) ? (distance, candidate) : nil
    }
    return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
  }

  /// How many insertions, deletions, replacements and swaps of neighbours turn one into the other.
  static func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
        var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
