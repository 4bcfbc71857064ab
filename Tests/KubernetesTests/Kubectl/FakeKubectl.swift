import Foundation
import Kubernetes
import TestSupport

/// A shell script in place of kubectl: it records its arguments and input, and says what a test has it say.
struct FakeKubectl {
  let directory: TemporaryDirectory
  let client: KubectlClient
  var kubectl: Kubectl { client.kubectl }

  /// - Parameters:
  ///   - script: sees kubectl's arguments; `$log` is the record, `$dir` a directory of its own.
  ///   - server: the URL in the kubeconfig.
  ///   - hasSockets: the client forwards over `kubectl proxy`.
  init(
    _ script: String, context: String? = nil, server: String = "https://127.0.0.1:6443",
    version: String = "v1.27.16", hasSockets: Bool = false
  ) throws {
    directory = try TemporaryDirectory()
    let view =
      #"{"clusters": [{"cluster": {"server": "\#(server)"}}], "contexts": [{"context": {"namespace": "own"}}]}"#
    try directory.write(
      "kubectl",
      """
      #!/bin/sh
      dir=\(directory.path)
      log=$dir/log
      case "$*" in
        *"config view --minify -o json") printf '%s' '\(view)'; exit 0;;
        *"version --client -o json") echo '{"clientVersion": {"gitVersion": "\(version)"}}'; exit 0;;
      esac
      { printf '[%s] ' "$@"; echo; } >> $log
      \(script)

      """)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: directory("kubectl"))
    client = KubectlClient(
      Kubectl(context: context, program: directory("kubectl")),
      sockets: hasSockets ? directory.path : nil)
  }

  /// A line for each call, each argument in brackets.
  var calls: [String] {
    get throws {
      try String(contentsOfFile: directory("log"), encoding: .utf8).split(separator: "\n").map {
        String($0.dropLast())
      }
    }
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: directory(name), encoding: .utf8)
  }
}
