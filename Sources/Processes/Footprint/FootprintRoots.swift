package import Glibc

/// Where to find what belongs to something that runs on this machine.
package struct FootprintRoots: Sendable, Hashable {
  /// A container of an engine.
  package struct Container: Sendable, Hashable {
    /// As the engine calls it; part of its control group's name.
    package var id: String
    /// Its pod's id, if the engine has a control group for pods.
    package var pod: String?

    package init(id: String, pod: String? = nil) {
      self.id = id
      self.pod = pod
    }
  }

  /// They count with all that they started.
  package var trees: Set<ProcessIdentity> = []
  /// Process groups whose members count, with all that they started.
  package var groups: Set<pid_t> = []
  /// Values of devbench's label; who carries one counts, with all that it started.
  package var labels: Set<String> = []
  /// They count by their control groups, or by the processes below what watches over them.
  package var containers: Set<Container> = []
  /// What belongs to it and doesn't count, each a sentence.
  package var leftOut: [String] = []

  package init() {}

  package var isEmpty: Bool {
    trees.isEmpty && groups.isEmpty && labels.isEmpty && containers.isEmpty
  }
}
