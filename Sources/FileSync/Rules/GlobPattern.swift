/// A file pattern with the grammar of `.dockerignore`: `*` and `?` stay within a directory, `**` crosses
/// them, `[a-z]` and `[^a]` are sets, `\` takes the next character as it is.
///
/// Source: github.com/moby/patternmatcher, whose regular expressions the steps below stand for. A
/// pattern that contains no `/` names an entry of the root, as there.
package struct GlobPattern: Sendable, Hashable, CustomStringConvertible {
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case unclosedSet(pattern: String)
    case trailingEscape(pattern: String)

    package var description: String {
      switch self {
      case .empty: "an empty pattern matches nothing; remove it"
      case .unclosedSet(let pattern):
        "the pattern “\(pattern)” opens a set with “[” and doesn't close it; write “\\[” for the sign"
      case .trailingEscape(let pattern):
        "the pattern “\(pattern)” ends with a “\\” that escapes nothing; write “\\\\” for the sign"
      }
    }
  }

  /// A path's characters; a byte that isn't UTF-8 stands for itself, above all of Unicode.
  private typealias Unit = UInt32
  private static let slash = Unit(TreePath.slash)

  private enum Step: Sendable, Hashable {
    case literal(Unit)
    /// One character, not a slash: `?`.
    case one
    /// Any characters but slashes: `*`.
    case name
    /// `**` before something: nothing, or on to `inDirectories`.
    case directories
    /// Anything that ends with a slash.
    case inDirectories
    /// Everything: `**` at the end.
    case rest
    case set([ClosedRange<Unit>], negated: Bool)
  }

  private let steps: [Step]
  package let description: String

  /// - Parameter text: leading and trailing slashes and `.` components are dropped.
  package init(_ text: String) throws(Fault) {
    description = text
    let clean = Self.clean(text)
    guard !clean.isEmpty else { throw .empty }
    var steps: [Step] = []
    var rest = Self.units(clean.utf8)[...]
    while let unit = rest.popFirst() {
      switch Unicode.Scalar(unit) {
      case "*":
        if rest.first == Self.star {
          while rest.first == Self.star { rest.removeFirst() }
          if rest.first == Self.slash { rest.removeFirst() }
          steps += rest.isEmpty ? [.rest] : [.directories, .inDirectories]
        } else {
          steps.append(.name)
        }
      case "?": steps.append(.one)
      case "[": steps.append(try Self.set(&rest, of: text))
      case "\\":
        guard let next = rest.popFirst() else { throw .trailingEscape(pattern: text) }
        steps.append(.literal(next))
      default: steps.append(.literal(unit))
      }
    }
    self.steps = steps
  }

  /// Whether it can match other paths than the one that it spells.
  package var hasWildcards: Bool {
    steps.contains { if case .literal = $0 { false } else { true } }
  }

  private static let star = Unit(UInt8(ascii: "*"))
  private static let escape = Unit(UInt8(ascii: "\\"))
  private static let close = Unit(UInt8(ascii: "]"))

  /// Go's `filepath.Clean` as far as patterns need it.
  private static func clean(_ text: String) -> String {
    var parts: [Substring] = []
    for part in text.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  private static func set(_ rest: inout ArraySlice<Unit>, of text: String) throws(Fault) -> Step {
    var ranges: [ClosedRange<Unit>] = []
    let negated = rest.first == Unit(UInt8(ascii: "^"))
    if negated { rest.removeFirst() }
    func next() throws(Fault) -> Unit {
      guard let unit = rest.popFirst() else { throw .unclosedSet(pattern: text) }
      guard unit == escape else { return unit }
      guard let escaped = rest.popFirst() else { throw .unclosedSet(pattern: text) }
      return escaped
    }
    repeat {
      let low = try next()
      var high = low
      if rest.first == Unit(UInt8(ascii: "-")), rest.dropFirst().first != close {
        rest.removeFirst()
        high = try next()
      }
      if low <= high { ranges.append(low...high) }
    } while rest.first != close
    rest.removeFirst()
    return .set(ranges, negated: negated)
  }

  /// Whether the whole path matches. Takes at most steps × characters, whatever the pattern.
  package func matches(_ path: TreePath) -> Bool {
    states(after: Self.units(path.bytes))[steps.count]
  }

  /// Whether there is a path below the directory that would match.
  package func canMatch(below directory: TreePath) -> Bool {
    guard !directory.isEmpty else { return true }
    return states(after: Self.units(directory.bytes) + [Self.slash]).dropLast().contains(true)
  }

  /// Which steps may come next, and at the end whether none has to.
  private func states(after units: [Unit]) -> [Bool] {
    var states = [Bool](repeating: false, count: steps.count + 1)
    states[0] = true
    spread(&states)
    for unit in units {
      let isSlash = unit == Self.slash
      var next = [Bool](repeating: false, count: steps.count + 1)
      for index in steps.indices where states[index] {
        switch steps[index] {
        case .literal(let wanted): if unit == wanted { next[index + 1] = true }
        case .one: if !isSlash { next[index + 1] = true }
        case .name: if !isSlash { next[index] = true }
        case .directories: break
        case .inDirectories:
          next[index] = true
          if isSlash { next[index + 1] = true }
        case .rest: next[index] = true
        case .set(let ranges, let negated):
          let isIn = ranges.contains { $0.contains(unit) }
          if !isSlash && isIn != negated { next[index + 1] = true }
        }
      }
      spread(&next)
      states = next
    }
    return states
  }

  /// Goes on past steps that may match nothing.
  private func spread(_ states: inout [Bool]) {
    for index in steps.indices where states[index] {
      switch steps[index] {
      case .name, .rest: states[index + 1] = true
      case .directories:
        states[index + 1] = true
        states[index + 2] = true
      default: break
      }
    }
  }

  private static func units(_ bytes: some Collection<UInt8>) -> [Unit] {
    var units: [Unit] = []
    var rest = bytes[...]
    while let first = rest.first {
      var decoder = UTF8()
      var iterator = rest.prefix(4).makeIterator()
      if first >= 0x80, case .scalarValue(let scalar) = decoder.decode(&iterator) {
        units.append(scalar.value)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        units.append(first < 0x80 ? Unit(first) : 0x11_0000 + Unit(first))
        rest = rest.dropFirst()
      }
    }
    return units
  }
}
