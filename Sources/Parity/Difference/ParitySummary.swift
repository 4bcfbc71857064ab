/// How many facts are equal, group by group and in all.
package struct ParitySummary: Sendable, Equatable {
  package struct Group: Sendable, Equatable {
    package let group: FactGroup
    package let counts: [ParityDifference.Kind: Int]
    package let ignored: Int

    package subscript(kind: ParityDifference.Kind) -> Int { counts[kind] ?? 0 }

    /// The same, and those of which it is known whether they are.
    package var same: Int { self[.same] }
    package var compared: Int {
      same + self[.different] + self[.onlyHere] + self[.onlyInReference]
    }

    /// 0 to 1, or nil if nothing could be compared.
    package var share: Double? { compared == 0 ? nil : Double(same) / Double(compared) }
  }

  /// In the order of importance; those with facts, ignored ones too.
  package let groups: [Group]

  package init(of difference: ParityDifference) {
    let entries = Dictionary(grouping: difference.entries, by: \.key.group)
    let ignored = Dictionary(grouping: difference.ignored, by: \.key.group)
    groups = FactGroup.allCases.compactMap { group in
      guard entries[group] != nil || ignored[group] != nil else { return nil }
      return Group(
        group: group,
        counts: Dictionary(grouping: entries[group] ?? [], by: \.kind).mapValues(\.count),
        ignored: ignored[group]?.count ?? 0)
    }
  }

  /// The mean of the groups' shares, each group counting once however many facts it has; 0 to 1, or nil.
  package var meanShare: Double? {
    let shares = groups.compactMap(\.share)
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
  }

  /// The plain counts, in which a thousand packages of the system outweigh everything else.
  package var same: Int { groups.reduce(0) { $0 + $1.same } }
  package var compared: Int { groups.reduce(0) { $0 + $1.compared } }
}

extension ParityDifference {
  package var summary: ParitySummary { ParitySummary(of: self) }
}
