/// Several paths of the host that belong at one place of the container.
extension SyncMapping {
  /// Whether two paths of the host can belong at one place at all, as far as a glance at the rules tells.
  package var canOverlap: Bool {
    guard let first = rules.first else { return false }
    return rules.contains { !$0.strip.isEmpty || $0.to != first.to }
  }

  /// What the host has for a place of the container, and for what lies below it, apart from one path and
  /// what lies below that.
  package func others(
    at target: TreePath, than path: TreePath, in host: some HostTree
  ) throws(TreeFailure) -> [TreePath: TreeEntry] {
    var others: [TreePath: TreeEntry] = [:]
    func add(_ other: TreePath, _ entry: TreeEntry) {
      guard other != path, !other.isBelow(path) else { return }
      if targets(of: other).contains(where: { $0 == target || $0.isBelow(target) }) {
        others[other] = entry
      }
    }
    for rule in rules {
      for base in rule.origins(of: target) {
        let entry: TreeEntry? = base.isEmpty ? .directory : try host.entry(at: base)
        guard let entry else { continue }
        if !base.isEmpty { add(base, entry) }
        guard entry == .directory else { continue }
        for (other, entry) in host.entries(below: base, unreadable: { _ in }) { add(other, entry) }
      }
    }
    return others
  }
}

extension SyncRule {
  /// The paths of the host that, or whose content, the rule could take to a place of the container.
  fileprivate func origins(of target: TreePath) -> [TreePath] {
    if target == to || to.isBelow(target) { return [strip] + (strip.isEmpty ? [] : [TreePath("")]) }
    guard let rest = target.relative(to: to) else { return [] }
    return strip.isEmpty ? [rest] : [strip.appending(rest), rest]
  }
}
