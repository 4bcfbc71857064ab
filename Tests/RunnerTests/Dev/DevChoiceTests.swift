import Measurement
import Scenarios
import Testing

@testable import Runner

@Suite struct DevChoiceTests {
  private static func scenario(_ workflows: [(WorkflowKind, [UpdatePath])]) throws -> Scenario {
    var scenario = try Bench().scenario
    scenario.workflows = workflows.map { kind, paths in
      WorkflowSpec(kind: kind, paths: paths.map { PathSpec(path: $0, command: ["app"]) })
    }
    return scenario
  }

  struct Row: Sendable {
    var has: [(WorkflowKind, [UpdatePath])]
    var workflow: WorkflowKind?
    var path: String?
    var chooses: (WorkflowKind, UpdatePath)
  }

  @Test(
    "what isn't asked for is the scenario's first, and sync on a cluster",
    arguments: [
      Row(has: [(.localNative, [.restart, .reload])], chooses: (.localNative, .restart)),
      Row(
        has: [(.localNative, [.restart, .reload])], path: "reload",
        chooses: (.localNative, .reload)),
      Row(
        has: [(.localNative, [.reload]), (.localCluster, [.rebuild, .sync])],
        workflow: .localCluster, chooses: (.localCluster, .sync)),
      Row(has: [(.localCluster, [.rebuild])], chooses: (.localCluster, .rebuild)),
      Row(
        has: [(.localCluster, [.sync, .rebuild])], path: "rebuild",
        chooses: (.localCluster, .rebuild)),
    ])
  func chooses(row: Row) throws {
    let choice = try DevChoice(
      from: try Self.scenario(row.has), workflow: row.workflow, path: row.path)
    #expect(choice.workflow.kind == row.chooses.0)
    #expect(choice.path.path == row.chooses.1)
  }

  @Test("what the scenario hasn't is told with what it has")
  func unknown() throws {
    let scenario = try Self.scenario([(.localNative, [.reload, .restart])])
    let path = #expect(throws: RunFailure.self) {
      try DevChoice(from: scenario, workflow: nil, path: "sync")
    }
    #expect(
      path?.description
        == "workflow local-native of scenario bench has no path sync; it has reload, restart")
    let workflow = #expect(throws: RunFailure.self) {
      try DevChoice(from: scenario, workflow: .remoteCluster, path: nil)
    }
    #expect(
      workflow?.description == "scenario bench has no workflow remote-cluster; it has local-native")
  }
}
