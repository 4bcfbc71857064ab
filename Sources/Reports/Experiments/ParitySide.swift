package import Measurement
package import Parity

/// A runtime that is compared with the reference's.
package struct ParitySide: Sendable, Hashable {
  package let cell: Cell
  package let difference: ParityDifference

  package var label: String { cell.setUpName }

  package var summary: ParitySummary { difference.summary }

  /// What couldn't be told as a whole, in sentences. Not escaped.
  var remarks: [String] {
    difference.untoldHere.map { "of \(label), \($0.title) couldn't be told: \($0.reason)" }
      + difference.untoldInReference.map {
        "of the reference, \($0.title) couldn't be told: \($0.reason)"
      }
  }
}

extension UnknownFact {
  /// `packages`, or `packages that begin with python/`.
  fileprivate var title: String {
    key.group.rawValue + (key.name.isEmpty ? "" : " that begin with \(key.name)")
  }
}

extension ParityDifference.Entry {
  /// Here, and in the reference. Not escaped.
  var texts: (here: String, reference: String) {
    let none = "not there"
    let untold = "not known"
    switch verdict {
    case .same(let value): return (Self.short(value), Self.short(value))
    case .different(let value, let reference): return Self.short(value, reference)
    case .onlyHere(let value): return (value.map(Self.short) ?? "there", none)
    case .onlyInReference(let value): return (none, value.map(Self.short) ?? "there")
    case .unknown(let value, let reference, let reason):
      // The reason says of which side it is.
      return value == nil && reference == nil
        ? ("\(untold): \(reason)", untold)
        : (
          value.map(Self.short) ?? "\(untold): \(reason)",
          reference.map(Self.short) ?? "\(untold): \(reason)"
        )
    }
  }

  /// Why it isn't known whether it differs; nil where it is.
  var unknownReason: String? {
    if case .unknown(_, _, let reason) = verdict { reason } else { nil }
  }

  /// Of a hash the beginning, which tells two apart.
  private static func short(_ value: String) -> String {
    if value.isEmpty { return "(empty)" }
    let mark = "sha256:"
    guard value.hasPrefix(mark), value.count == mark.count + 64 else { return value }
    return value.prefix(mark.count + 12) + "…"
  }

  private static func short(_ value: String, _ reference: String) -> (String, String) {
    let (one, other) = (short(value), short(reference))
    return one == other ? (value, reference) : (one, other)
  }
}
