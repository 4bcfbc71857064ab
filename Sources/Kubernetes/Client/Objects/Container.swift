package import JSON

/// One container of a pod.
package struct Container: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  package var image: String? {
    get { self[text: "image"] }
    set { self[text: "image"] = newValue }
  }
  /// `Always`, `IfNotPresent` or `Never`.
  package var imagePullPolicy: String? {
    get { self[text: "imagePullPolicy"] }
    set { self[text: "imagePullPolicy"] = newValue }
  }
  /// In place of the image's entry point.
  package var command: [String] {
    get { self[texts: "command"] }
    set { self[texts: "command"] = newValue }
  }
  /// In place of the image's command.
  package var args: [String] {
    get { self[texts: "args"] }
    set { self[texts: "args"] = newValue }
  }
  package var workingDir: String? {
    get { self[text: "workingDir"] }
    set { self[text: "workingDir"] = newValue }
  }
  package var ports: [ContainerPort] {
    get { self[parts: "ports"] }
    set { self[parts: "ports"] = newValue }
  }
  package var env: [EnvironmentVariable] {
    get { self[parts: "env"] }
    set { self[parts: "env"] = newValue }
  }

  package init(name: String, image: String) {
    self.init(fields: ["name": .string(name), "image": .string(image)])
  }
}

/// A port that a container listens on.
package struct ContainerPort: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  package var containerPort: Int? {
    get { self[integer: "containerPort"] }
    set { self[integer: "containerPort"] = newValue }
  }
}

/// A variable of a container; one that comes from elsewhere has no value.
package struct EnvironmentVariable: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  package var value: String? {
    get { self[text: "value"] }
    set { self[text: "value"] = newValue }
  }
}
