import Foundation
import JSON
import Testing

@testable import Kubernetes

@Suite struct ObjectTests {
  private static let pod = """
    {"apiVersion": "v1", "kind": "Pod",
     "metadata": {"name": "web", "namespace": "a", "resourceVersion": "7", "finalizers": ["x"],
       "labels": {"app": "web"}, "deletionTimestamp": null},
     "spec": {"containers": [{"name": "app", "image": "app:1", "resources": {"limits": {"cpu": 0.5}},
       "securityContext": {"privileged": false, "runAsUser": 1000}}], "dnsPolicy": "ClusterFirst"},
     "status": {"phase": "Running", "containerStatuses": [
       {"name": "app", "restartCount": 2, "ready": true,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]}}
    """

  @Test func `fields that have no name here survive a change of those that have`() throws {
    var pod = try JSONDecoder().decode(Pod.self, from: Data(Self.pod.utf8))
    pod.spec.containers[0].image = "app:2"
    pod.metadata.labels["session"] = "1"
    let written = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(pod))
    let wanted = Self.pod.replacing("app:1", with: "app:2")
      .replacing(#"{"app": "web"}"#, with: #"{"app": "web", "session": "1"}"#)
    #expect(try written == JSONDecoder().decode(JSONValue.self, from: Data(wanted.utf8)))
  }

  @Test func `a pod's state is read`() throws {
    let pod = try JSONDecoder().decode(Pod.self, from: Data(Self.pod.utf8))
    let status = try #require(pod.status.containerStatuses.first)
    #expect(pod.name == "web")
    #expect(pod.metadata.deletionTimestamp == nil)
    #expect(pod.status.phase == "Running")
    #expect(status.state.waiting?.reason == "CrashLoopBackOff")
    #expect(status.state.running == nil)
    #expect(status.lastState.terminated?.exitCode == 137)
    #expect(status.restartCount == 2)
  }

  @Test func `a value of another type than the schema's reads as none`() throws {
    let text = #"{"metadata": {"name": 1, "labels": []}, "spec": "x"}"#
    let pod = try JSONDecoder().decode(Pod.self, from: Data(text.utf8))
    #expect(pod.metadata.name == nil)
    #expect(pod.metadata.labels == [:])
    #expect(pod.spec.containers == [])
  }

  @Test func `a secret's values are in none of its texts`() {
    var secret = Secret(name: "token", namespace: "a")
    secret.data = ["password": "aHVudGVyMg=="]
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] {
      #expect(text.contains("password") && !text.contains("aHVudGVyMg"))
    }
  }

  @Test(arguments: [
    (Pod.resource, "web", "a", "/api/v1/namespaces/a/pods/web"),
    (Deployment.resource, "web", "a", "/apis/apps/v1/namespaces/a/deployments/web"),
    (Job.resource, "x", "b", "/apis/batch/v1/namespaces/b/jobs/x"),
    (Namespace.resource, "a", "", "/api/v1/namespaces/a"),
    (ConfigMap.resource, "a/../b?c", "é", "/api/v1/namespaces/%C3%A9/configmaps/a%2F..%2Fb%3Fc"),
  ])
  func `an object has a path`(
    _ type: ResourceType, _ name: String, _ namespace: String, _ path: String
  ) {
    #expect(type.path(name: name, namespace: namespace) == path)
  }

  @Test func `the path of all namespaces names none`() {
    #expect(Pod.resource.path(namespace: "") == "/api/v1/pods")
  }

  @Test(arguments: [("", "a"), ("web", "")])
  func `an object of a namespace needs a name and a namespace`(_ name: String, _ namespace: String)
  {
    #expect(throws: KubernetesFailure.self) {
      try Pod.resource.check(name: name, namespace: namespace, to: "get")
    }
  }
}
