import Testing

@testable import Kubernetes

@Suite struct ImageReferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var repository: String
    var tag: String?
    var digest: String?
    var testDescription: String { text }
  }

  @Test(arguments: [
    Case(text: "flask-hello", repository: "flask-hello"),
    Case(text: "flask-hello:latest", repository: "flask-hello", tag: "latest"),
    Case(text: "docker.io/library/flask-hello", repository: "flask-hello"),
    Case(text: "docker.io/team/app:1", repository: "team/app", tag: "1"),
    Case(text: "localhost/flask-hello:v1", repository: "flask-hello", tag: "v1"),
    Case(text: "localhost:5000/app", repository: "localhost:5000/app"),
    Case(text: "localhost:5000/app:2", repository: "localhost:5000/app", tag: "2"),
    Case(
      text: "registry.example/team/app@sha256:0a", repository: "registry.example/team/app",
      digest: "sha256:0a"),
    Case(
      text: "team/app:1@sha256:0a", repository: "team/app", tag: "1", digest: "sha256:0a"),
  ])
  func `a reference is taken apart`(_ expected: Case) {
    let reference = ImageReference(expected.text)
    #expect(reference.repository == expected.repository)
    #expect(reference.tag == expected.tag)
    #expect(reference.digest == expected.digest)
  }

  @Test(
    "edge case 31: the image is found however its reference is written",
    arguments: [
      ("flask-hello", "localhost/flask-hello:latest", true),
      ("flask-hello", "docker.io/library/flask-hello", true),
      ("team/app", "index.docker.io/team/app", true),
      ("team/app", "docker.io/team/app:3@sha256:0a", true),
      ("app", "team/app", false),
      // Manifests leave the registry to whoever deploys them.
      ("localhost:5000/app", "app", true),
      ("registry.example/team/app", "app", true),
      ("registry.example/team/app", "team/app", true),
      ("registry.example/team/app", "m/app", false),
      ("registry.example/team/webapp", "app", false),
      ("registry.example/team/app", "other.example/team/app", false),
      ("registry.example/team/app", "other.example/app", false),
    ])
  func sameImage(_ first: String, _ second: String, _ isSame: Bool) {
    #expect(ImageReference(first).namesSame(as: ImageReference(second)) == isSame)
  }
}
