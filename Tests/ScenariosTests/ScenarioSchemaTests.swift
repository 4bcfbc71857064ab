import Foundation
import Measurement
import Testing

@testable import Scenarios

struct ScenarioSchemaTests {
  private func schema() throws -> [String: Any] {
    let data = Data(ScenarioSchema.json.utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func definition(_ name: String) throws -> [String: Any] {
    if name.isEmpty { return try schema() }
    let definitions = try #require(try schema()["$defs"] as? [String: Any])
    return try #require(definitions[name] as? [String: Any])
  }

  @Test(arguments: [
    ("", ScenarioKeys.scenario), ("app", ScenarioKeys.app), ("probe", ScenarioKeys.probe),
    ("measure", ScenarioKeys.measure), ("workflow", ScenarioKeys.workflow),
    ("pathSettings", ScenarioKeys.path), ("cluster", ScenarioKeys.cluster),
    ("remote", ScenarioKeys.remote), ("clusterPath", ScenarioKeys.clusterPath),
    ("image", ScenarioKeys.image), ("fault", ScenarioKeys.fault),
    ("syncRule", ScenarioKeys.syncRule), ("markers", ScenarioKeys.markers),
    ("replace", ScenarioKeys.replaceChange), ("create", ScenarioKeys.createChange),
    ("append", ScenarioKeys.appendChange), ("delete", ScenarioKeys.deleteChange),
    ("changes", ["changes"]), ("break", ScenarioKeys.breaking),
  ])
  func theSchemaHasTheKeysThatTheDecoderAccepts(_ name: String, _ keys: [String]) throws {
    let definition = try definition(name)
    let properties = try #require(definition["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(keys))
    #expect(definition["additionalProperties"] as? Bool == false)
  }

  @Test
  func everyKeyOfAnEditBelongsToAKindOfChange() {
    let kinds = [
      ScenarioKeys.replaceChange, ScenarioKeys.createChange, ScenarioKeys.appendChange,
      ScenarioKeys.deleteChange, ["changes"],
    ]
    #expect(Set(kinds.joined()) == Set(ScenarioKeys.edit))
  }

  @Test
  func theSchemaHasTheWorkflowsPathsAndWordsThatTheDecoderAccepts() throws {
    let properties = try #require(try schema()["properties"] as? [String: Any])
    let workflows = try #require(properties["workflows"] as? [String: Any])
    let kinds = try #require(workflows["properties"] as? [String: Any])
    #expect(Set(kinds.keys) == Set(WorkflowKind.allCases.map(\.rawValue)))
    #expect(try words("save") == SaveStyle.allCases.map(\.rawValue))
    #expect(try words("builder") == ClusterSpec.Builder.allCases.map(\.rawValue))
    #expect(try words("deploy") == ClusterSpec.DeployStrategy.allCases.map(\.rawValue))
    let cluster = try #require(try definition("cluster")["properties"] as? [String: Any])
    let engines = try #require(
      (cluster["cluster"] as? [String: Any])?["oneOf"] as? [[String: Any]])
    #expect(engines.first?["enum"] as? [String] == ["podman"])
    let image = try #require(try definition("image")["properties"] as? [String: Any])
    let load = try #require(image["load"] as? [String: Any])
    #expect(load["enum"] as? [String] == ImageSpec.Load.allCases.map(\.rawValue))
    let measure = try #require(try definition("measure")["properties"] as? [String: Any])
    let order = try #require(measure["order"] as? [String: Any])
    #expect(order["enum"] as? [String] == Scenario.Order.allCases.map(\.rawValue))
  }

  private func words(_ name: String) throws -> [String]? {
    try definition(name)["enum"] as? [String]
  }

  @Test
  func everyReferenceLeadsToADefinition() throws {
    let definitions = try #require(try schema()["$defs"] as? [String: Any])
    let names = ScenarioSchema.json.matches(of: /#\/\$defs\/([A-Za-z]+)/).map {
      String($0.output.1)
    }
    #expect(Set(names) == Set(definitions.keys))
  }
}
