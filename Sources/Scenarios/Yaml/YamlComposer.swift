import Yams

/// Turns YAML text into nodes, and reports every fault of the YAML itself.
///
/// Two habits of the parser are worked around, both by writing private-use characters over single
/// characters of a copy of the text, which leaves every place as it is:
/// - It resolves aliases by repeating what they name, keeps the place of the anchor only, and hashes
///   keys with all of that. So `*` is hidden from it and aliases are resolved by `YamlConversion`,
///   which bounds them and knows where each was written.
/// - It gives up at the first mapping with a duplicate key. So the key it names is renamed, the text
///   is parsed again, and all duplicates are reported together with everything else.
struct YamlComposer {
  private static let standIns: [Unicode.Scalar] =
    (UInt32(0xF0000)...0xF0FFF).compactMap(Unicode.Scalar.init)
  /// How many characters may be parsed in all because of duplicate keys.
  private static let parsedLimit = 8 << 20

  /// Whose YAML it is: a scenario's, or that of another tool, whose tags and braces mean something there.
  enum Dialect { case scenario, foreign }

  private let faults: FaultList
  private let dialect: Dialect

  init(faults: FaultList, dialect: Dialect = .scenario) {
    self.faults = faults
    self.dialect = dialect
  }

  /// The document's root; nil if there is none to go on with.
  func compose(_ text: String) -> YamlNode? {
    let roots = compose(text) { parser in
      guard let root = try parser.singleRoot() else {
        faults.report(
          "the file holds no scenario; write at least name, app, edits and workflows", at: .start)
        return []
      }
      return [root]
    }
    return roots?.first
  }

  /// The roots of all documents, empty ones left out; nil if the YAML is faulty.
  func composeAll(_ text: String) -> [YamlNode]? {
    compose(text) { parser in
      var roots: [Node] = []
      while let root = try parser.nextRoot() {
        if root.null == nil { roots.append(root) }
      }
      return roots
    }
  }

  private func compose(_ text: String, _ roots: (Parser) throws -> [Node]) -> [YamlNode]? {
    var text = YamlText(text)
    let forbidden = text.forbiddenIndices
    for index in forbidden {
      let code = String(text.scalars[index].value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
      faults.report(
        "YAML doesn't allow the character U+\(padded); remove it, or write \"\\u\(padded)\" in "
          + "double quotes", at: text.position(ofIndex: index))
    }
    guard forbidden.isEmpty else { return nil }

    let taken = Set(text.scalars)
    var free = Self.standIns.filter { !taken.contains($0) }.makeIterator()
    guard let hiddenStar = free.next() else { return nil }
    for index in text.scalars.indices where text.scalars[index] == "*" {
      text.replaceScalar(at: index, with: hiddenStar)
    }

    var renamed: [Unicode.Scalar: String] = [:]
    var parsed = 0
    while true {
      do {
        let parser = try Parser(yaml: text.text, resolver: .basic, encoding: .utf8)
        let roots = try roots(parser)
        // The parser owns the anchors, to which nodes hold weak references.
        return withExtendedLifetime(parser) {
          roots.map { root in
            var conversion = YamlConversion(
              faults: faults, hiddenStar: hiddenStar, renamedKeys: renamed, dialect: dialect)
            return conversion.node(root)
          }
        }
      } catch let error as YamlError {
        parsed += text.scalars.count
        if parsed < Self.parsedLimit, let key = Self.duplicateKey(error, in: text),
          let standIn = free.next()
        {
          text.replaceScalar(at: key.index, with: standIn)
          renamed[standIn] = key.name
        } else {
          report(error, in: text)
          return nil
        }
      } catch {
        faults.report("the YAML can't be read: \(error); correct it", at: .start)
        return nil
      }
    }
  }

  /// Where a duplicate key's first character stands, if that can be written over.
  private static func duplicateKey(
    _ error: YamlError, in text: YamlText
  ) -> (index: Int, name: String)? {
    guard case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first,
      var index = text.index(
        of: Position(line: context.mark.line, column: context.mark.column))
    else { return nil }
    // An anchor or a tag may stand before the key.
    while index < text.scalars.count, text.scalars[index] == "&" || text.scalars[index] == "!" {
      while index < text.scalars.count, text.scalars[index] != " " { index += 1 }
      while index < text.scalars.count, text.scalars[index] == " " { index += 1 }
    }
    if index < text.scalars.count, text.scalars[index] == "\"" || text.scalars[index] == "'" {
      index += 1
    }
    guard index < text.scalars.count, !"\"'[{:\n\r ".unicodeScalars.contains(text.scalars[index])
    else { return nil }
    return (index, name)
  }

  private func report(_ error: YamlError, in text: YamlText) {
    let fault = YamlSyntaxFault(error, in: text)
    faults.report(fault.message, at: fault.position)
  }
}
