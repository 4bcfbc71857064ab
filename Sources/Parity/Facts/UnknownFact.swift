/// What the probe knows to be there, or to be possible, without being able to tell it.
package struct UnknownFact: Sendable, Codable, Hashable {
  /// Whose value isn't known, or what the names begin with that aren't.
  package let key: Fact.Key
  /// Whether it is about every name that begins with the key's.
  package let isPrefix: Bool
  /// Part of a sentence, such as “there is no sha256sum”.
  package let reason: String

  package init(key: Fact.Key, isPrefix: Bool = false, reason: String) {
    self.key = key
    self.isPrefix = isPrefix
    self.reason = reason
  }

  package func covers(_ key: Fact.Key) -> Bool {
    isPrefix
      ? key.group == self.key.group && key.name.utf8.starts(with: self.key.name.utf8)
      : key == self.key
  }
}
