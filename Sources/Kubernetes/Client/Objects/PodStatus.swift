package import JSON

/// What has become of a pod.
package struct PodStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
  package var phase: String? {
    get { self[text: "phase"] }
    set { self[text: "phase"] = newValue }
  }
  package var reason: String? {
    get { self[text: "reason"] }
    set { self[text: "reason"] = newValue }
  }
  package var message: String? {
    get { self[text: "message"] }
    set { self[text: "message"] = newValue }
  }
  package var podIP: String? {
    get { self[text: "podIP"] }
    set { self[text: "podIP"] = newValue }
  }
  package var conditions: [Condition] {
    get { self[parts: "conditions"] }
    set { self[parts: "conditions"] = newValue }
  }
  package var containerStatuses: [ContainerStatus] {
    get { self[parts: "containerStatuses"] }
    set { self[parts: "containerStatuses"] = newValue }
  }
  package var initContainerStatuses: [ContainerStatus] {
    get { self[parts: "initContainerStatuses"] }
    set { self[parts: "initContainerStatuses"] = newValue }
  }
}

/// What has become of a container.
package struct ContainerStatus: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var name: String? {
    get { self[text: "name"] }
    set { self[text: "name"] = newValue }
  }
  /// As the node resolved it, which may be another name than the wanted one.
  package var image: String? {
    get { self[text: "image"] }
    set { self[text: "image"] = newValue }
  }
  /// With the digest of the image that runs.
  package var imageID: String? {
    get { self[text: "imageID"] }
    set { self[text: "imageID"] = newValue }
  }
  package var containerID: String? {
    get { self[text: "containerID"] }
    set { self[text: "containerID"] = newValue }
  }
  package var ready: Bool? {
    get { self[flag: "ready"] }
    set { self[flag: "ready"] = newValue }
  }
  package var restartCount: Int? {
    get { self[integer: "restartCount"] }
    set { self[integer: "restartCount"] = newValue }
  }
  package var state: ContainerState {
    get { self[part: "state"] }
    set { self[part: "state"] = newValue }
  }
  package var lastState: ContainerState {
    get { self[part: "lastState"] }
    set { self[part: "lastState"] = newValue }
  }
}

/// At most one of the three.
package struct ContainerState: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var waiting: ContainerWaiting? {
    get { self[optional: "waiting"] }
    set { self[optional: "waiting"] = newValue }
  }
  package var running: ContainerRunning? {
    get { self[optional: "running"] }
    set { self[optional: "running"] = newValue }
  }
  package var terminated: ContainerTerminated? {
    get { self[optional: "terminated"] }
    set { self[optional: "terminated"] = newValue }
  }
}

/// Not yet, or not again: `ImagePullBackOff`, `CrashLoopBackOff`.
package struct ContainerWaiting: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var reason: String? {
    get { self[text: "reason"] }
    set { self[text: "reason"] = newValue }
  }
  package var message: String? {
    get { self[text: "message"] }
    set { self[text: "message"] = newValue }
  }
}

/// Since when a container runs.
package struct ContainerRunning: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var startedAt: String? {
    get { self[text: "startedAt"] }
    set { self[text: "startedAt"] = newValue }
  }
}

/// How a container ended: `OOMKilled`, `Error`.
package struct ContainerTerminated: JSONFields {
  package var fields: [String: JSONValue]

  package init(fields: [String: JSONValue]) { self.fields = fields }

  package var exitCode: Int? {
    get { self[integer: "exitCode"] }
    set { self[integer: "exitCode"] = newValue }
  }
  package var signal: Int? {
    get { self[integer: "signal"] }
    set { self[integer: "signal"] = newValue }
  }
  package var reason: String? {
    get { self[text: "reason"] }
    set { self[text: "reason"] = newValue }
  }
  package var message: String? {
    get { self[text: "message"] }
    set { self[text: "message"] = newValue }
  }
}
