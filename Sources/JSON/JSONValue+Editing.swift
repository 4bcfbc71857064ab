extension JSONValue {
  package func at(_ path: [String]) -> JSONValue? {
    path.reduce(self as JSONValue?) { $0?.object?[$1] }
  }

  /// Changes what lies at a path, if anything does.
  package mutating func update(_ path: [String], _ change: (inout JSONValue) -> Void) {
    guard let key = path.first else { return change(&self) }
    guard case .object(var fields) = self, var value = fields[key] else { return }
    value.update(Array(path.dropFirst()), change)
    fields[key] = value
    self = .object(fields)
  }

  /// Changes each item of a list that lies at a path.
  package mutating func updateItems(_ path: [String], _ change: (inout JSONValue) -> Void) {
    update(path) { list in
      guard case .array(let items) = list else { return }
      list = .array(
        items.map { item in
          var item = item
          change(&item)
          return item
        })
    }
  }

  /// Puts a value at a path, with the objects that lead there.
  package mutating func set(_ path: [String], _ value: JSONValue) {
    guard let key = path.first else {
      self = value
      return
    }
    var fields = object ?? [:]
    var inner = fields[key] ?? .object([:])
    inner.set(Array(path.dropFirst()), value)
    fields[key] = inner
    self = .object(fields)
  }

  package mutating func remove(_ path: [String]) {
    guard let last = path.last else { return }
    update(Array(path.dropLast())) { value in value = value.without(last) }
  }

  package func without(_ key: String) -> JSONValue {
    guard case .object(var fields) = self else { return self }
    fields[key] = nil
    return .object(fields)
  }

  /// Adds to a mapping of texts, in place of those of the same name.
  package mutating func merge(_ texts: [String: String], at path: [String]) {
    for (name, text) in texts { set(path + [name], .string(text)) }
  }
}
