import Kubernetes
import KubernetesTesting
import Processes
import TestSupport
import Testing

extension Behaviour {
  /// A line for each event until one of an object so named is deleted.
  private static func events(
    _ client: any KubernetesClient, _ namespace: String, _ options: WatchOptions,
    until last: String, meanwhile work: @escaping @Sendable () async throws -> Void
  ) async throws -> [String] {
    try await within("a watch") {
      let stream = try await client.watch(ConfigMap.self, namespace: namespace, options)
      // A watch from no version begins when the server has it, which only its first event tells.
      let hasBegun = OneShot<Bool>()
      if options.resourceVersion != nil { hasBegun.set(true) }
      let working = Task {
        _ = await hasBegun.value()
        try await work()
      }
      var lines: [String] = []
      for try await event in stream {
        // A real cluster puts one of its own into each namespace.
        if event.object?.name.hasPrefix("kube-") == true { continue }
        hasBegun.set(true)
        switch event {
        case .added(let map): lines.append("added \(map.name) \(map.data["a"] ?? "")")
        case .modified(let map): lines.append("modified \(map.name) \(map.data["a"] ?? "")")
        case .deleted(let map):
          lines.append("deleted \(map.name) \(map.data["a"] ?? "")")
          if map.name == last {
            try await working.value
            return lines
          }
        case .bookmark: break
        }
      }
      return lines + ["the watch ended"]
    }
  }

  static let streams = [
    Behaviour("a watch from a list's version tells what changed since, and nothing twice") {
      (client, namespace) async throws in
      try await client.create(settings("before", in: namespace))
      let version = try await client.list(ConfigMap.self, namespace: namespace).resourceVersion
      try await client.create(settings("x", in: namespace, ["a": "1"]))
      let lines = try await events(
        client, namespace, WatchOptions(from: version), until: "x"
      ) {
        try await client.update(settings("x", in: namespace, ["a": "2"]))
        try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      }
      #expect(lines == ["added x 1", "modified x 2", "deleted x 2"])
    },
    Behaviour("a watch without a version begins with what is there") {
      (client, namespace) async throws in
      try await client.create(settings("x", in: namespace, ["a": "1"]))
      let lines = try await events(client, namespace, WatchOptions(.named("x")), until: "x") {
        try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      }
      #expect(lines == ["added x 1", "deleted x 1"])
    },
    Behaviour("what begins or ceases to be selected is added or deleted") {
      (client, namespace) async throws in
      let version = try await client.list(ConfigMap.self, namespace: namespace).resourceVersion
      try await client.create(settings("x", in: namespace, ["a": "1"]))
      let options = WatchOptions(ListOptions(labels: "app=web"), from: version)
      let lines = try await events(client, namespace, options, until: "x") {
        try await client.update(
          settings("x", in: namespace, labels: ["app": "web"], ["a": "2"]))
        try await client.update(settings("x", in: namespace, labels: ["app": "db"], ["a": "3"]))
      }
      #expect(lines == ["added x 2", "deleted x 2"])
    },
    Behaviour("a deletion has a version of its own, from which a watch goes on") {
      (client, namespace) async throws in
      let list = try await client.list(ConfigMap.self, namespace: namespace)
      let made = try await client.create(settings("x", in: namespace))
      try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      try await client.create(settings("y", in: namespace))
      let version = try await within("a watch") { () -> String? in
        let stream = try await client.watch(
          ConfigMap.self, namespace: namespace, WatchOptions(from: list.resourceVersion))
        for try await event in stream {
          if case .deleted(let map) = event { return map.metadata.resourceVersion }
        }
        return nil
      }
      #expect(version != made.metadata.resourceVersion)
      let rest = try await events(
        client, namespace, WatchOptions(from: version), until: "y"
      ) { try await client.delete(ConfigMap.self, name: "y", namespace: namespace) }
      #expect(rest == ["added y ", "deleted y "])
    },
    Behaviour("a watch from a version that is forgotten has expired") {
      (client, namespace) async throws in
      // A server forgets what was before its start.
      let version = "1"
      try await client.create(settings("x", in: namespace))
      (client as? FakeKubernetesClient)?.compact()
      let refused = try await reason {
        try await within("a watch") {
          let stream = try await client.watch(
            ConfigMap.self, namespace: namespace, WatchOptions(from: version))
          for try await _ in stream {}
        }
      }
      #expect(refused == .expired)
    },
    Behaviour("a reflector has what was made, changed and deleted") {
      (client, namespace) async throws in
      try await client.create(settings("x", in: namespace, labels: ["app": "web"], ["a": "1"]))
      try await client.create(settings("y", in: namespace, labels: ["app": "db"]))
      let reflector = Reflector<ConfigMap>(
        client, namespace: namespace, .labelled(["app": "web"]))
      func reaches(_ wanted: [String: String]) async throws {
        let found: Bool? = try await reflector.first(limit: .seconds(60)) { objects, _ in
          objects.mapValues { $0.data["a"] ?? "" } == wanted ? true : nil
        }
        #expect(found == true)
      }
      try await reflector.start()
      try await reaches(["x": "1"])
      try await client.update(settings("x", in: namespace, labels: ["app": "web"], ["a": "2"]))
      try await reaches(["x": "2"])
      try await client.create(settings("z", in: namespace, labels: ["app": "web"]))
      try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      try await reaches(["z": ""])
      await reflector.stop()
    },
    Behaviour("a pod that isn't there prints nothing, runs nothing and has no port") {
      (client, namespace) async throws in
      #expect(
        try await reason {
          for try await _ in try await client.logs(pod: "x", namespace: namespace) {}
        } == .notFound)
      #expect(
        try await reason {
          _ = try await client.exec(
            pod: "x", namespace: namespace, container: "app", command: ["true"]
          ).exit()
        } == .notFound)
      #expect(
        try await reason {
          try await client.forward(pod: "x", namespace: namespace, port: 80).ready()
        } == .notFound)
    },
  ]
}
