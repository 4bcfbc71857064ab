import Processes
import Testing

@testable import Kubernetes

@Suite struct KubectlMessageTests {
  @Test(arguments: [
    (
      #"Error from server (NotFound): pods "x" not found"#, KubernetesFailure.Reason.notFound,
      #"pods "x" not found"#
    ),
    (
      #"Error from server (AlreadyExists): pods "x" already exists"#, .alreadyExists,
      #"pods "x" already exists"#
    ),
    (
      "Error from server (Conflict): Operation cannot be fulfilled", .conflict,
      "Operation cannot be fulfilled"
    ),
    (
      #"Error from server (Forbidden): pods is forbidden: User "u" cannot list (all)"#, .forbidden,
      #"pods is forbidden: User "u" cannot list (all)"#
    ),
    ("Error from server (SomethingNew): x", .unknown, "x"),
    // kubectl 1.36
    (
      "error: unable to upgrade connection: pod x does not have a host assigned",
      .badRequest, "unable to upgrade connection: pod x does not have a host assigned"
    ),
    (
      "error: container none is not valid for pod x out of: app",
      .badRequest, "container none is not valid for pod x out of: app"
    ),
    (
      "error: cannot exec into a container in a completed pod; current phase is Succeeded",
      .badRequest, "cannot exec into a container in a completed pod; current phase is Succeeded"
    ),
    (
      "error: unable to forward port because pod is not running. Current status=Failed",
      .badRequest, "unable to forward port because pod is not running. Current status=Failed"
    ),
    // It may still come to run.
    (
      "error: unable to forward port because pod is not running. Current status=Pending",
      .unknown, "unable to forward port because pod is not running. Current status=Pending"
    ),
    (
      "error: Internal error occurred: error executing command in container: no such file",
      .notRun, "Internal error occurred: error executing command in container: no such file"
    ),
    (
      #"error: Internal error occurred: unable to upgrade connection: container not found ("a")"#,
      .notFound,
      #"Internal error occurred: unable to upgrade connection: container not found ("a")"#
    ),
    (
      "Error from server: resourceVersion should not be set", .unknown,
      "resourceVersion should not be set"
    ),
    (
      "Error from server: etcdserver: request timed out", .serviceUnavailable,
      "etcdserver: request timed out"
    ),
    (
      "The Pod \"x\" is invalid: \n* spec.a: Required value\n* spec.b: Invalid value", .invalid,
      "The Pod \"x\" is invalid: \n* spec.a: Required value\n* spec.b: Invalid value"
    ),
    (
      "error: You must be logged in to the server (Unauthorized)", .unauthorized,
      "You must be logged in to the server (Unauthorized)"
    ),
    (
      "Unable to connect to the server: getting credentials: exec: executable plugin not found",
      .unauthorized,
      "Unable to connect to the server: getting credentials: exec: executable plugin not found"
    ),
    ("Please enter Username: error: EOF", .unauthorized, "Please enter Username: error: EOF"),
    (
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
      .unreachable,
      "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
    ),
    (
      "Unable to connect to the server: x509: certificate has expired", .unreachable,
      "Unable to connect to the server: x509: certificate has expired"
    ),
    (
      "error: the server doesn't have a resource type \"pods\"", .notFound,
      "the server doesn't have a resource type \"pods\""
    ),
    (
      "error: stream error: stream ID 3; INTERNAL_ERROR; received from peer", .lost,
      "stream error: stream ID 3; INTERNAL_ERROR; received from peer"
    ),
    ("something\nelse", .unknown, "something\nelse"),
    ("", .unknown, "kubectl exited with status 1 and said nothing"),
  ])
  func `a message has a reason`(
    _ said: String, _ reason: KubernetesFailure.Reason, _ message: String
  ) {
    let lines = said.isEmpty ? [] : said.split(separator: "\n").map(String.init)
    for noise in [[], ["Warning: old"], ["I1125 10:00:00.123456   12 loader.go:1] Config loaded"]] {
      let failure = KubectlMessage.failure(noise + lines + noise, exit: .exited(1))
      #expect(failure == KubernetesFailure(reason, message))
    }
  }

  @Test(arguments: KubernetesFailure.Reason.allCases.filter { !$0.rawValue.hasPrefix("devbench") })
  func `each of the API's reasons is understood`(_ reason: KubernetesFailure.Reason) {
    let name = reason == .unknown ? "" : " (\(reason.rawValue))"
    let failure = KubectlMessage.failure(["Error from server\(name): x"], exit: .exited(1))
    #expect(failure == KubernetesFailure(reason, "x"))
  }

  /// As a Kubernetes 1.33 refuses a pod.
  @Test(arguments: [
    (
      "pods \"web\" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0",
      "kubectl describe quota"
    ),
    (
      "pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true",
      "change the manifest"
    ),
    (
      "pods is forbidden: User \"u\" cannot create resource \"pods\"",
      "ask the cluster's administrator"
    ),
  ])
  func `what can be done about a refusal depends on who refuses`(
    _ message: String, _ step: String
  ) {
    #expect(KubernetesFailure(.forbidden, message).nextStep?.contains(step) == true)
  }
}
