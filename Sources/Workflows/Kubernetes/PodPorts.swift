import Kubernetes

/// Ports of this machine's loopback interface that lead to the app's pods: as many as there are replicas, each
/// the same one whichever pod it leads to.
actor PodPorts {
  private struct Slot {
    let localPort: Int
    var pod: String?
    var forward: (any PortForward)?
  }

  private let client: any KubernetesClient
  private let namespace: String
  /// What the app listens on.
  private let port: Int
  private var slots: [Slot]

  init(_ client: any KubernetesClient, namespace: String, port: Int, localPorts: [Int]) {
    self.client = client
    self.namespace = namespace
    self.port = port
    slots = localPorts.map { Slot(localPort: $0) }
  }

  /// Has the ports lead to these pods: those that they lead to already keep theirs.
  func lead(to pods: [String]) async {
    for index in slots.indices {
      guard let pod = slots[index].pod, !pods.contains(pod) else { continue }
      slots[index].pod = nil
      let old = slots[index].forward
      slots[index].forward = nil
      await old?.close()
    }
    var waiting = pods.filter { pod in !slots.contains { $0.pod == pod } }
    for index in slots.indices where slots[index].pod == nil {
      guard !waiting.isEmpty else { return }
      let pod = waiting.removeFirst()
      slots[index].pod = pod
      slots[index].forward = try? await client.forward(
        pod: pod, namespace: namespace, port: port, localPort: slots[index].localPort)
    }
  }

  /// How often a way was lost and opened again, so far.
  var losses: Int {
    get async {
      var sum = 0
      for slot in slots { sum += await slot.forward?.losses ?? 0 }
      return sum
    }
  }

  func close() async {
    for slot in slots { await slot.forward?.close() }
    slots = slots.map { Slot(localPort: $0.localPort) }
  }
}
