import JSON
import Kubernetes
import Testing

extension Behaviour {
  static let objects = [
    Behaviour("what is created can be got and listed, with a version and a uid") {
      (client, namespace) async throws in
      let made = try await client.create(settings("x", in: namespace, ["a": "1"]))
      #expect(made.data == ["a": "1"])
      #expect(made.metadata.uid?.isEmpty == false)
      #expect(made.metadata.resourceVersion?.isEmpty == false)
      let got = try await client.get(ConfigMap.self, name: "x", namespace: namespace)
      #expect(got.metadata.resourceVersion == made.metadata.resourceVersion)
      #expect(got.metadata.uid == made.metadata.uid)
      let list = try await client.list(ConfigMap.self, namespace: namespace, .named("x"))
      #expect(list.items.map(\.name) == ["x"])
      #expect(list.items[0].fields["kind"] == "ConfigMap")
      #expect(!list.resourceVersion.isEmpty)
    },
    Behaviour("what isn't there is not found") { (client, namespace) async throws in
      for call in [
        { _ = try await client.get(ConfigMap.self, name: "x", namespace: namespace) },
        { try await client.update(settings("x", in: namespace)) },
        { try await client.delete(ConfigMap.self, name: "x", namespace: namespace) },
        {
          try await client.patch(
            ConfigMap.self, name: "x", namespace: namespace, .merge(["data": ["a": "1"]]))
        },
      ] as [() async throws -> Void] {
        #expect(try await reason(of: call) == .notFound)
      }
    },
    Behaviour("a name is taken once") { (client, namespace) async throws in
      try await client.create(settings("x", in: namespace))
      #expect(
        try await reason { try await client.create(settings("x", in: namespace)) }
          == .alreadyExists)
      // Another kind has names of its own.
      try await client.create(Secret(name: "x", namespace: namespace))
    },
    Behaviour("an object without a name is invalid, one with a beginning gets a name") {
      (client, namespace) async throws in
      var map = ConfigMap(name: "", namespace: namespace)
      map.metadata.name = nil
      #expect(try await reason { try await client.create(map) } == .invalid)
      map.metadata.generateName = "x-"
      let names = [try await client.create(map).name, try await client.create(map).name]
      #expect(names.allSatisfy { $0.hasPrefix("x-") && $0.count == 7 })
      #expect(names[0] != names[1])
    },
    Behaviour("an object that has a version can't be created") { (client, namespace) async throws in
      let made = try await client.create(settings("x", in: namespace))
      try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      #expect(try await reason { try await client.create(made) } == .unknown)
    },
    Behaviour("an update from an old version is a conflict, one without a version isn't") {
      (client, namespace) async throws in
      let first = try await client.create(settings("x", in: namespace, ["a": "1"]))
      var second = first
      second.data = ["a": "2"]
      let updated = try await client.update(second)
      #expect(updated.metadata.resourceVersion != first.metadata.resourceVersion)
      #expect(updated.metadata.uid == first.metadata.uid)
      second.data = ["a": "3"]
      #expect(try await reason { try await client.update(second) } == .conflict)
      let forced = try await client.update(settings("x", in: namespace, ["a": "4"]))
      #expect(forced.data == ["a": "4"])
      #expect(forced.metadata.uid == first.metadata.uid)
    },
    Behaviour("an object that was made anew has another uid, and no update meant for the old") {
      (client, namespace) async throws in
      var old = try await client.create(settings("x", in: namespace))
      try await client.delete(ConfigMap.self, name: "x", namespace: namespace)
      let new = try await client.create(settings("x", in: namespace))
      #expect(old.metadata.uid != new.metadata.uid)
      old.metadata.resourceVersion = nil
      #expect(try await reason { try await client.update(old) } == .conflict)
    },
    Behaviour("patches change what they name") { (client, namespace) async throws in
      try await client.create(settings("x", in: namespace, ["a": "1", "b": "2"]))
      func patched(_ patch: Patch) async throws -> [String: String] {
        let map = try await client.patch(
          ConfigMap.self, name: "x", namespace: namespace, patch)
        return map.data
      }
      #expect(try await patched(.merge(["data": ["a": .null, "c": "3"]])) == ["b": "2", "c": "3"])
      #expect(
        try await patched(.strategicMerge(["data": ["b": "4"]])) == ["b": "4", "c": "3"])
      #expect(
        try await patched(
          .json([
            ["op": "test", "path": "/data/b", "value": "4"],
            ["op": "remove", "path": "/data/b"],
          ])) == ["c": "3"])
      let refused = Patch.json([["op": "test", "path": "/data/c", "value": "9"]])
      #expect(try await reason { _ = try await patched(refused) } == .invalid)
    },
    Behaviour("a strategic merge merges containers by name") { (client, namespace) async throws in
      var job = Deployment(name: "x", namespace: namespace)
      job.spec.replicas = 0
      job.spec.selector.matchLabels = ["app": "x"]
      job.spec.template.metadata.labels = ["app": "x"]
      job.spec.template.spec.containers = [
        Container(name: "one", image: "one:1"), Container(name: "two", image: "two:1"),
      ]
      try await client.create(job)
      let patch = Patch.strategicMerge([
        "spec": [
          "template": ["spec": ["containers": [["name": "two", "image": "two:2"]]]]
        ]
      ])
      let containers = try await client.patch(
        Deployment.self, name: "x", namespace: namespace, patch
      ).spec.template.spec.containers
      #expect(Set(containers.compactMap(\.image)) == ["one:1", "two:2"])
    },
    Behaviour("labels and fields select, and an unknown field is refused") {
      (client, namespace) async throws in
      try await client.create(settings("x", in: namespace, labels: ["app": "web"]))
      try await client.create(settings("y", in: namespace, labels: ["app": "db"]))
      func names(_ options: ListOptions) async throws -> [String] {
        try await client.list(ConfigMap.self, namespace: namespace, options).items.map(\.name)
      }
      #expect(try await names(.labelled(["app": "web"])) == ["x"])
      #expect(try await names(ListOptions(labels: "app in (web, db)")) == ["x", "y"])
      #expect(try await names(ListOptions(labels: "app,app!=web")) == ["y"])
      #expect(try await names(ListOptions(labels: "app", fields: "metadata.name!=x")) == ["y"])
      #expect(
        try await reason { _ = try await names(ListOptions(fields: "data.a=1")) } == .badRequest)
      #expect(
        try await reason { _ = try await names(ListOptions(labels: "a=b=c")) } == .badRequest)
    },
    Behaviour("the namespace “” lists all of them, and no other lists this one") {
      (client, namespace) async throws in
      try await client.create(settings("x", in: namespace))
      let all = try await client.list(ConfigMap.self, namespace: "", .named("x"))
      #expect(all.items.contains { $0.namespace == namespace })
      let none = try await client.list(ConfigMap.self, namespace: namespace + "-other")
      #expect(none.items == [])
    },
    Behaviour("one object is named with its namespace") { (client, namespace) async throws in
      try await client.create(settings("x", in: namespace))
      #expect(
        try await reason { _ = try await client.get(ConfigMap.self, name: "x", namespace: "") }
          == .invalid)
      #expect(try await reason { try await client.create(settings("y", in: "")) } == .invalid)
      #expect(
        try await reason { try await client.delete(ConfigMap.self, name: "", namespace: namespace) }
          == .invalid)
    },
  ]
}
