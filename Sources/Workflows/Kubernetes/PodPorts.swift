import Kubernetes

/// Ports of this machine's loopback interface that lead to the app's pods: one a replica, each the same one
/// whichever pod it leads to.
actor PodPorts {
  /// One that is deleted and made again is another, under the same name.
  struct Target: Sendable, Hashable {
    let pod: String
    let uid: String
  }

  private struct Slot {
    let localPort: Int
    var target: Target?
    var forward: (any PortForward)?
  }

  private let client: any KubernetesClient
  private let namespace: String
  /// What the app listens on.
  private let port: Int
  private var slots: [Slot] = []

  init(_ client: any KubernetesClient, namespace: String, port: Int) {
    self.client = client
    self.namespace = namespace
    self.port = port
  }

  var count: Int { slots.count }
  /// The pod that each port leads to, in the ports' order.
  var targets: [Target?] { slots.map(\.target) }

  /// Has ports lead to these pods: those that they lead to already keep theirs.
  ///
  /// - Parameters:
  ///   - localPorts: at least as many as pods, and each time the same ones first. No other leads anywhere.
  ///   - keepsOthers: a port that isn't needed goes on leading to the pod that it leads to.
  func lead(to pods: [Target], from localPorts: [Int], keepsOthers: Bool) async {
    var old: [any PortForward] = []
    for index in slots.indices.dropFirst(localPorts.count) { old += leave(index) }
    slots = Array(slots.prefix(localPorts.count))
    slots += localPorts.dropFirst(slots.count).map { Slot(localPort: $0) }

    let others = slots.indices.filter { slots[$0].target.map { !pods.contains($0) } ?? false }
    // kubectl finds the pod by its name: two ports would lead to one that was made again.
    let names = Set(pods.map(\.pod))
    for index in others where !keepsOthers || isNamed(in: names, index) {
      old += leave(index)
    }
    let led = slots.compactMap(\.target)
    // Ports that lead nowhere come first.
    let free =
      slots.indices.filter { slots[$0].target == nil } + others.filter { slots[$0].target != nil }
    let given = Array(zip(free, pods.filter { !led.contains($0) }))
    for (index, target) in given {
      old += leave(index)
      slots[index].target = target
    }
    await Self.close(old)
    let opened = await withTaskGroup(of: (Int, (any PortForward)?).self) { group in
      for (index, target) in given where slots.indices.contains(index) {
        let local = slots[index].localPort
        group.addTask { [client, namespace, port] in
          (
            index,
            try? await client.forward(
              pod: target.pod, namespace: namespace, port: port, localPort: local)
          )
        }
      }
      var opened: [Int: any PortForward] = [:]
      for await (index, forward) in group { opened[index] = forward }
      return opened
    }
    for (index, target) in given {
      guard let forward = opened[index] else { continue }
      // It may lead elsewhere by now.
      if slots.indices.contains(index), slots[index].target == target,
        slots[index].forward == nil
      {
        slots[index].forward = forward
      } else {
        await forward.close()
      }
    }
  }

  /// All at once: each takes its kubectl's time to end.
  private static func close(_ forwards: [any PortForward]) async {
    await withTaskGroup(of: Void.self) { group in
      for forward in forwards { group.addTask { await forward.close() } }
    }
  }

  private func isNamed(in names: Set<String>, _ index: Int) -> Bool {
    slots[index].target.map { names.contains($0.pod) } ?? false
  }

  /// - Returns: what led from there, to be closed.
  private func leave(_ index: Int) -> [any PortForward] {
    let forward = slots[index].forward
    (slots[index].target, slots[index].forward) = (nil, nil)
    return forward.map { [$0] } ?? []
  }

  /// Whether each port that leads somewhere says which connections the pod refused.
  var tellsRefusals: Bool {
    slots.allSatisfy { $0.target == nil || $0.forward?.tellsRefusals ?? false }
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
    let old = slots.compactMap(\.forward)
    slots = []
    await Self.close(old)
  }
}
