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
    difference.untoldHere.map { "\(label): \($0.title) couldn't be told: \($0.reason)" }
      + difference.untoldInReference.map {
        "in the reference, \($0.title) couldn't be told: \($0.reason)"
      }
  }
}

extension UnknownFact {
  /// `packages`, or `packages beginning with python`.
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
    case .same(let value): return (value, value)
    case .different(let value, let reference): return (value, reference)
    case .onlyHere(let value): return (value ?? "there", none)
    case .onlyInReference(let value): return (none, value ?? "there")
    case .unknown(let value, let reference, let reason):
      // The reason says of which side it is.
      return value == nil && reference == nil
        ? ("\(untold): \(reason)", untold)
        : (value ?? "\(untold): \(reason)", reference ?? "\(untold): \(reason)")
    }
  }
}
