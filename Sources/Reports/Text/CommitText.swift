/// Git commits as people read them.
package enum CommitText {
  /// `0f3c2ab1d2e3`, `0f3c2ab1d2e3-dirty`: twelve digits, as `git log` abbreviates in large repositories.
  package static func short(_ commit: String) -> String {
    let parts = commit.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map { String($0.prefix(12)) } ?? ""
    return parts.count > 1 ? "\(name)-\(parts[1])" : name
  }
}
