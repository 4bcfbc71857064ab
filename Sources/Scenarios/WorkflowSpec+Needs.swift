extension WorkflowSpec {
  /// The tools that the workflow needs of this machine, with the commands that tell their versions, by name; on a
  /// cluster they are the container's, and what is installed first is no need.
  package var nativeTools: [(name: String, command: [String])] {
    var tools: [String: [String]] = [:]
    for path in paths where path.cluster == nil {
      tools.merge(path.tools.filter { path.isOfMachine($0.value) }) { first, _ in first }
    }
    return tools.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension PathSpec {
  /// The programs that the path's commands need of this machine, each once.
  package var nativePrograms: [String] {
    guard cluster == nil else { return [] }
    return (install + [command]).filter(isOfMachine).compactMap(\.first).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
  }

  /// Whether a command's program is there before anything is installed.
  fileprivate func isOfMachine(_ command: [String]) -> Bool {
    install.isEmpty || command.first?.contains("/") != true
      || command.first?.hasPrefix("/") == true
  }
}
