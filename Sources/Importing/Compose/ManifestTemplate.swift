/// A Pod manifest to begin with, for an app that has none.
struct ManifestTemplate {
  let image: String
  /// The container's.
  let ports: [Int]
  /// A value is nil if only the environment knows it.
  var environment: [(name: String, value: String?)] = []
  var command: [String]?
  var arguments: [String]?

  var lines: [String] {
    let name = String(
      ProjectPath.name(image).lowercased().map {
        $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-"
      }
    )
    .trimmingDashes
    var lines = [
      "apiVersion: v1", "kind: Pod", "metadata:", "  name: \(YamlScalar.text(name))", "spec:",
      "  terminationGracePeriodSeconds: 2", "  containers:", "    - name: app",
      "      image: \(YamlScalar.text(image))",
    ]
    if let command { lines.append("      command: \(Self.list(command))") }
    if let arguments { lines.append("      args: \(Self.list(arguments))") }
    if !environment.isEmpty {
      lines.append("      env:")
      for (name, value) in environment {
        lines.append(
          "        - { name: \(YamlScalar.text(name)), value: \(YamlScalar.quoted(value ?? "FILL-IN")) }"
        )
      }
    }
    lines.append("      ports:")
    if ports.isEmpty {
      lines.append("        - containerPort: FILL-IN   # the port that the app listens on")
    } else {
      lines += ports.map { "        - containerPort: \($0)" }
    }
    return lines
  }

  /// Where it can be saved without writing over anything.
  static func freeFile(in tree: ProjectTree) -> String {
    let names = ["app", "devbench"] + (2...100).map { "devbench-\($0)" }
    let files = names.map { "k8s/\($0).yaml" }
    return files.first { !tree.hasFile($0) && !tree.hasDirectory($0) } ?? files[0]
  }

  private static func list(_ words: [String]) -> String {
    "[" + words.map { YamlScalar.quoted($0) }.joined(separator: ", ") + "]"
  }
}

extension String {
  fileprivate var trimmingDashes: String {
    let start = drop { $0 == "-" }
    let end = start.reversed().drop { $0 == "-" }
    return end.isEmpty ? "app" : String(end.reversed())
  }
}
