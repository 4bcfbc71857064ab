/// One thing that is so in a runtime.
///
/// Name and value are texts as `FactText` writes them, so that any bytes can be shown and stored. They are
/// equal if their bytes are: two spellings of one letter are two texts here, unlike in Swift.
package struct Fact: Sendable, Codable, Hashable, Comparable {
  package struct Key: Sendable, Codable, Hashable, Comparable {
    package let group: FactGroup
    package let name: String

    package init(group: FactGroup, name: String) {
      self.group = group
      self.name = name
    }

    package static func == (one: Self, other: Self) -> Bool {
      one.group == other.group && one.name.utf8.elementsEqual(other.name.utf8)
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(group)
      for byte in name.utf8 { hasher.combine(byte) }
    }

    package static func < (one: Self, other: Self) -> Bool {
      one.group == other.group
        ? one.name.utf8.lexicographicallyPrecedes(other.name.utf8) : one.group < other.group
    }
  }

  package let key: Key
  package let value: String

  package var group: FactGroup { key.group }
  package var name: String { key.name }

  package init(group: FactGroup, name: String, value: String) {
    self.init(key: Key(group: group, name: name), value: value)
  }

  package init(key: Key, value: String) {
    self.key = key
    self.value = value
  }

  package static func == (one: Self, other: Self) -> Bool {
    one.key == other.key && one.value.utf8.elementsEqual(other.value.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    for byte in value.utf8 { hasher.combine(byte) }
  }

  package static func < (one: Self, other: Self) -> Bool {
    one.key == other.key
      ? one.value.utf8.lexicographicallyPrecedes(other.value.utf8) : one.key < other.key
  }
}
