/// The keys of every mapping in a scenario file, in the order in which they are documented.
///
/// The decoder reports all others; a test compares them with the JSON Schema's.
enum ScenarioKeys {
  static let scenario = [
    "name", "description", "app", "edits", "breaks", "workflows", "faults", "measure",
  ]
  static let app = ["source", "probe"]
  static let probe = ["path", "interval", "timeout", "port"]
  static let measure = ["warmups", "iterations", "order", "thinkTime"]
  static let path = ["command", "env", "markers", "tools"]
  /// What is the same on all paths natively.
  static let nativeOnly = ["install"]
  static let workflow = nativeOnly + ["command", "env", "paths", "markers", "tools"]
  static let clusterPath = ["sync", "then", "builder", "deploy", "container"] + path
  /// What is the same on all paths of a cluster.
  static let clusterOnly = ["cluster", "image", "manifests"]
  static let cluster = clusterOnly + ["paths"] + clusterPath
  static let remoteOnly = ["link", "developers"]
  static let remote = cluster + remoteOnly
  static let link = ["name", "profile", "rtt", "jitter", "up", "down"]
  static let fault = ["at", "link", "for"]
  static let image = ["name", "context", "dockerfile", "args", "load"]
  static let platform = ["kubernetes"]
  static let kubernetes = ["context", "namespace"]
  static let syncRule = ["from", "to", "strip", "exclude", "then"]
  static let followUp = ["run"]
  static let markers = ["detected", "restarted", "ready", "failed"]
  static let change = ["file", "find", "replace", "create", "append", "delete", "content", "save"]
  static let edit = change + ["changes"]

  /// The keys that a change of each kind has.
  static let replaceChange = ["file", "find", "replace", "save"]
  static let createChange = ["create", "content", "save"]
  static let appendChange = ["append", "content"]
  static let deleteChange = ["delete"]
  static let breaking = replaceChange + ["shows"]
}
