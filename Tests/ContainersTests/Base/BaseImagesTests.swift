import ContainersTesting
import Foundation
import Processes
import TestSupport
import Testing

@testable import Containers

@Suite(.serialized) struct BaseImagesTests {
  @Test(
    "edge case 31: a reference has one full form, however it is written",
    arguments: [
      ("python", "docker.io/library/python:latest"),
      ("python:3.13-slim", "docker.io/library/python:3.13-slim"),
      ("docker.io/python", "docker.io/library/python:latest"),
      ("me/app:1", "docker.io/me/app:1"),
      ("localhost/app", "localhost/app:latest"),
      ("localhost:5000/app", "localhost:5000/app:latest"),
      ("quay.io/a/b/c:x", "quay.io/a/b/c:x"),
      ("a@sha256:01", "docker.io/library/a@sha256:01"),
      ("a:1@sha256:01", "docker.io/library/a:1@sha256:01"),
      ("", nil), ("a//b", nil), ("a b", nil), ("a:", nil), ("a@", nil), ("${X}", nil),
    ] as [(String, String?)])
  func reference(text: String, full: String?) {
    #expect(ImageReference(text)?.description == full)
  }

  @Test(
    "public images have stand-ins, others have none",
    arguments: [
      ("python:3.13-slim", StandIn.python), ("docker.io/library/node:22", .node),
      ("busybox", .busybox), ("quay.io/library/python", nil), ("me/python", nil),
      ("localhost/python", nil), ("golang", nil),
    ] as [(String, StandIn?)])
  func recipe(reference: String, standIn: StandIn?) throws {
    #expect(StandIn(for: try #require(ImageReference(reference))) == standIn)
  }

  /// A podman whose store has what `has` lists, and whose pull does what it is told.
  private func images(has: [String], pull: String) throws -> (BaseImages, FakePodman) {
    let json = #"[{"Id":"1111111111111111","Config":{"Labels":{"io.devbench.base":"busybox-1"}}}]"#
    let fake = try FakePodman(
      """
      echo "$*" >> $log
      case "$1 $2" in
      "image inspect")
        case " \(has.joined(separator: " ")) " in
        *" $3 "*) echo '\(json)'; exit 0;;
        esac
        echo '[]'; echo "Error: inspecting object: $3: image not known" >&2; exit 125;;
      "pull "*) \(pull);;
      esac
      """)
    let state = StateDirectory(path: fake.directory("state"))
    return (BaseImages(podman: fake.podman, state: state), fake)
  }

  private static let imported: String = "localhost/devbench/base/busybox:bookworm"
  private static let unreachable: String =
    #"echo 'Error: pinging container registry registry-1.docker.io: no such host' >&2; exit 125"#

  @Test("what is in the store is used, and no registry is asked")
  func local() async throws {
    let (images, fake) = try images(has: ["busybox:1"], pull: "exit 99")
    defer { withExtendedLifetime(fake) {} }
    let choice = try await images.choose(dockerfile: "FROM busybox:1", path: "Dockerfile")
    #expect(
      choice.bases == [
        BaseImage(
          wanted: "busybox:1", reference: "busybox:1", imageID: "1111111111111111", origin: .local)
      ])
    #expect(choice.arguments == ["--pull-never"])
    #expect(try !fake.log.contains("pull"))
  }

  @Test(
    "where no registry answers the build is given the stand-in, and the Dockerfile stays as it is",
    arguments: [
      ("ARG BASE=busybox:1\nFROM ${BASE}", ["--build-arg", "BASE=\(imported)"]),
      ("FROM busybox:1", ["--build-context", "busybox:1=docker-image://\(imported)"]),
      (
        "ARG V=1\nFROM docker.io/library/busybox:$V AS x",
        ["--build-context", "docker.io/library/busybox:1=docker-image://\(imported)"]
      ),
    ])
  func replaced(dockerfile: String, arguments: [String]) async throws {
    let (images, fake) = try images(has: [Self.imported], pull: Self.unreachable)
    defer { withExtendedLifetime(fake) {} }
    let choice = try await images.choose(dockerfile: dockerfile, path: "Dockerfile")
    #expect(choice.arguments == ["--pull-never"] + arguments)
    #expect(choice.bases.map(\.reference) == [Self.imported])
    #expect(choice.bases.map(\.origin) == [.standIn])
    // The registry isn't asked a second time.
    _ = try await images.choose(dockerfile: dockerfile, path: "Dockerfile")
    #expect(try fake.log.components(separatedBy: "pull ").count == 2)
  }

  @Test(
    "a base that can't be had is told with the command that mends it",
    arguments: [
      ("FROM busybox:1", unreachable, "“devbench doctor --fix” makes a stand-in"),
      ("FROM golang:1", unreachable, "podman save"),
      ("FROM busybox:99", "echo 'Error: manifest unknown' >&2; exit 125", "check its name"),
      ("FROM bad//name", "exit 99", "registry/name:tag"),
    ])
  func none(dockerfile: String, pull: String, part: String) async throws {
    let (images, fake) = try images(has: [], pull: pull)
    defer { withExtendedLifetime(fake) {} }
    let failure = await #expect(throws: EngineFailure.self) {
      try await images.choose(dockerfile: dockerfile, path: "Dockerfile")
    }
    guard case .noBaseImage = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(failure?.description.contains(part) == true, "\(String(describing: failure))")
  }

  @Test("a stand-in of an older recipe isn't used")
  func oldRecipe() async throws {
    let (images, fake) = try images(
      has: ["localhost/devbench/base/python:bookworm"], pull: Self.unreachable)
    defer { withExtendedLifetime(fake) {} }
    await #expect(throws: EngineFailure.self) { try await images.image("python:3") }
  }

  @Test("a Dockerfile that can't be read is told with its path and line")
  func unreadable() async throws {
    let (images, fake) = try images(has: [], pull: "exit 99")
    defer { withExtendedLifetime(fake) {} }
    let failure = await #expect(throws: EngineFailure.self) {
      try await images.choose(dockerfile: "RUN true", path: "app/Dockerfile")
    }
    #expect(failure?.description.hasPrefix("app/Dockerfile can't be used: line 1:") == true)
  }

  @Test("a registry's silence is forgotten after an hour, and a clock set back ends it too")
  func silence() throws {
    let directory = try TemporaryDirectory()
    let silence = RegistrySilence(state: StateDirectory(path: directory("state")))
    let now = Date()
    silence.remember("docker.io", reason: "no such host", now: now)
    #expect(silence.reason(of: "docker.io", now: now + 3599) == "no such host")
    #expect(silence.reason(of: "docker.io", now: now + 3600) == nil)
    #expect(silence.reason(of: "docker.io", now: now - 10) == nil)
    #expect(silence.reason(of: "quay.io", now: now) == nil)
    silence.forget()
    #expect(silence.reason(of: "docker.io", now: now) == nil)
    try directory.write("state/engine/silent-registries.json", "{")
    #expect(silence.reason(of: "docker.io", now: now) == nil)
  }

  @Test(
    "only a registry that can't be reached is silent",
    arguments: [
      ("dial tcp: lookup registry-1.docker.io: no such host", true),
      ("dial tcp 127.0.0.1:443: connect: connection refused", true),
      ("net/http: TLS handshake timeout", true), ("toomanyrequests: slow down", true),
      ("manifest unknown", false), ("requested access to the resource is denied", false),
    ])
  func silent(line: String, isSilent: Bool) {
    #expect(BaseImages.isSilence(line) == isSilent)
  }

  @Test("a real build takes the stand-in for a base that its Dockerfile names outright")
  func build() async throws {
    try await ScratchEngine.with { engine in
      let standIn = try await engine.busybox()
      RegistrySilence(state: engine.state).remember("docker.io", reason: "no such host")
      let images = BaseImages(podman: engine.podman, state: engine.state)
      let text =
        "FROM busybox:1.36 AS a\nRUN echo hi > /hi\nFROM busybox:1.36\nCOPY --from=a /hi /\n"
      let context = try TemporaryDirectory()
      try context.write("Dockerfile", text)
      let choice = try await images.choose(dockerfile: text, path: context("Dockerfile"))
      #expect(choice.bases.map(\.imageID) == [standIn.id])
      let label = ContainerLabel(session: "build")
      _ = try await engine.podman.run(
        ["build", "--tag", "localhost/t/app:1"] + label.arguments + choice.arguments + [
          context.path
        ])
      let image = try #require(try await engine.podman.image("localhost/t/app:1"))
      #expect(image.layers.first == standIn.layers.first)
      #expect(ContainerLabel(of: image.labels) == label)
      #expect(image.names == ["localhost/t/app:1"])
      let output = try await engine.podman.run(["run", "--rm", "localhost/t/app:1", "cat", "/hi"])
      #expect(output.stdout == "hi\n")
      // A second build by another process takes its layers from the cache.
      let again = try await engine.podman.run(
        ["build", "--tag", "localhost/t/app:2"]
          + ContainerLabel(session: "again", owner: .dead).arguments + choice.arguments
          + [context.path])
      #expect(again.stdout.contains("Using cache"))
    }
  }
}
