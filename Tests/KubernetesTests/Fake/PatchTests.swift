import JSON
import Kubernetes
import Testing

@testable import KubernetesTesting

@Suite struct PatchTests {
  private static let pod: [String: JSONValue] = [
    "metadata": ["name": "x", "labels": ["a": "1", "b": "2"]],
    "spec": [
      "containers": [
        ["name": "app", "image": "app:1", "ports": [["containerPort": 80, "name": "web"]]],
        ["name": "side", "image": "side:1"],
      ]
    ],
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let patch: Patch
    let path: [String]
    let wanted: JSONValue?
  }

  @Test(arguments: [
    Case(
      testDescription: "an object merges, null removes",
      patch: .merge(["metadata": ["labels": ["a": .null, "c": "3"]]]),
      path: ["metadata", "labels"],
      wanted: ["b": "2", "c": "3"]),
    Case(
      testDescription: "a merge replaces a list",
      patch: .merge(["spec": ["containers": [["name": "app"]]]]), path: ["spec", "containers"],
      wanted: [["name": "app"]]),
    Case(
      testDescription: "a strategic merge merges containers by name",
      patch: .strategicMerge(["spec": ["containers": [["name": "side", "image": "side:2"]]]]),
      path: ["spec", "containers", "1", "image"], wanted: "side:2"),
    Case(
      testDescription: "and leaves the others",
      patch: .strategicMerge(["spec": ["containers": []]]),
      path: ["spec", "containers", "0", "image"], wanted: "app:1"),
    Case(
      testDescription: "and removes one",
      patch: .strategicMerge(["spec": ["containers": [["name": "app", "$patch": "delete"]]]]),
      path: ["spec", "containers"], wanted: [["name": "side", "image": "side:1"]]),
    Case(
      testDescription: "and merges ports by number",
      patch: .strategicMerge([
        "spec": [
          "containers": [["name": "app", "ports": [["containerPort": 80, "name": "http"]]]]
        ]
      ]), path: ["spec", "containers", "0", "ports"],
      wanted: [["containerPort": 80, "name": "http"]]),
    Case(
      testDescription: "an operation replaces",
      patch: .json([["op": "replace", "path": "/spec/containers/0/image", "value": "app:2"]]),
      path: ["spec", "containers", "0", "image"], wanted: "app:2"),
    Case(
      testDescription: "operations test, add, copy, move and remove",
      patch: .json([
        ["op": "test", "path": "/metadata/labels/a", "value": "1"],
        ["op": "add", "path": "/metadata/labels/x~1y", "value": "4"],
        ["op": "copy", "from": "/metadata/labels/a", "path": "/metadata/labels/c"],
        ["op": "move", "from": "/metadata/labels/b", "path": "/metadata/labels/d"],
        ["op": "remove", "path": "/metadata/labels/a"],
      ]), path: ["metadata", "labels"], wanted: ["x/y": "4", "c": "1", "d": "2"]),
    Case(
      testDescription: "an operation adds at a list's end",
      patch: .json([["op": "add", "path": "/spec/containers/-", "value": "new"]]),
      path: ["spec", "containers", "2"], wanted: "new"),
  ])
  func `a patch applies`(_ test: Case) throws {
    let result = try test.patch.applied(to: Self.pod)
    let value = test.path.reduce(JSONValue?.some(.object(result))) { value, step in
      value?.object?[step]
        ?? Int(step).flatMap { index in
          value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }
    #expect(value == test.wanted)
  }

  @Test(arguments: [
    (
      Patch.json([["op": "test", "path": "/metadata/name", "value": "y"]]),
      KubernetesFailure.Reason.invalid
    ),
    (.json([["op": "remove", "path": "/metadata/labels/z"]]), .invalid),
    (.json([["op": "add", "path": "/spec/containers/9", "value": 1]]), .invalid),
    (.json([["op": "increase", "path": "/spec"]]), .badRequest),
    (.merge("x"), .badRequest), (.strategicMerge([1]), .badRequest),
  ])
  func `what can't be applied is refused`(_ patch: Patch, _ reason: KubernetesFailure.Reason) {
    let failure = #expect(throws: KubernetesFailure.self) { try patch.applied(to: Self.pod) }
    #expect(failure?.reason == reason)
  }
}
