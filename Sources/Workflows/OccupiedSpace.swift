/// What something occupies of a disk.
package struct OccupiedSpace: Sendable, Hashable {
  /// In a word or two, the same each time: `images`.
  package var what: String
  package var bytes: UInt64
  /// Where that was read, and of how many: `podman history, layers: 5, images: 1`.
  package var source: String

  package init(_ what: String, bytes: UInt64, source: String) {
    self.what = what
    self.bytes = bytes
    self.source = source
  }
}

/// What an app's manifests ask of the machine that they run on, all pods together.
package struct RequestedResources: Sendable, Hashable {
  package var processors: Double
  /// Bytes.
  package var memory: Double
  /// Replicas included.
  package var pods: Int
  /// Pods that ask for nothing, and may take what they like.
  package var silentPods: Int

  package init(processors: Double, memory: Double, pods: Int, silentPods: Int) {
    self.processors = processors
    self.memory = memory
    self.pods = pods
    self.silentPods = silentPods
  }
}
