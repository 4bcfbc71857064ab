import Measurement
import Testing

@testable import Scenarios

struct WorkflowNeedsTests {
  @Test(
    "what is installed first is no need of the machine's",
    arguments: [
      (["python3", "-V"], true), (["/usr/bin/python3", "-V"], true),
      ([".venv/bin/python", "-V"], false),
    ])
  func installed(_ command: [String], isNeeded: Bool) {
    let path = PathSpec(
      path: .restart, command: command, tools: ["python": command],
      install: [["uv", "sync"], [".venv/bin/pip", "check"]])
    let workflow = WorkflowSpec(kind: .localNative, paths: [path])
    #expect(workflow.nativeTools.map(\.name) == (isNeeded ? ["python"] : []))
    #expect(path.nativePrograms == ["uv"] + (isNeeded ? [command[0]] : []))
  }

  @Test("without an installation every program is one, and a cluster's are its containers'")
  func others() {
    let native = PathSpec(
      path: .restart, command: ["bin/serve"], tools: ["serve": ["bin/serve", "-V"]])
    #expect(native.nativePrograms == ["bin/serve"])
    let cluster = PathSpec(
      path: .rebuild, command: ["python3"], tools: ["python": ["python3", "-V"]],
      cluster: ClusterSpec(
        image: ImageSpec(name: "a"), manifests: ["*.yaml"], sync: [], builder: .append,
        deploy: .inPlace))
    let workflow = WorkflowSpec(kind: .localCluster, paths: [cluster])
    #expect(workflow.nativeTools.isEmpty)
    #expect(cluster.nativePrograms.isEmpty)
  }
}
