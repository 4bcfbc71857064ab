import Clock
import Containers
import FileSync
import Foundation
import Glibc
import Processes
import Scenarios

/// Builds the app's image by the engine's own build.
struct ImageBuilder: Sendable {
  let podman: Podman
  let service: PodmanService
  let spec: ImageSpec
  /// The working tree, absolute.
  let tree: String
  /// Where files of the build may be written.
  let scratch: String
  /// What the image is called while the session lasts.
  let tag: SessionTag
  /// Of what is run to look into an image.
  let label: ContainerLabel
  /// That the build's steps join; nil for the engine's own choice.
  var network: String?

  /// Carried by every image that devbench builds. One value for all, so that layers stay cached from one
  /// session to the next.
  static let label = (key: ContainerLabel.key, value: "image")
  static let builderName = "dockerfile"

  var context: String { Self.joined(tree, spec.context) }
  var dockerfile: String { Self.joined(context, spec.dockerfile) }

  /// A name under which the last image of an app stays, so that the next session finds its layers.
  static func cacheReference(of name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return "localhost/devbench/\(last.lowercased()):cache"
  }

  /// The Dockerfile as it is now.
  func dockerfileText() throws(WorkflowFailure) -> String {
    do {
      return try String(contentsOfFile: dockerfile, encoding: .utf8)
    } catch {
      throw .build("\(spec.dockerfile) can't be read: \(error.localizedDescription)", output: [])
    }
  }

  /// Finds the bases, which may take a pull.
  func bases(
    tell: @escaping @Sendable (String) -> Void
  ) async throws(WorkflowFailure) -> BaseImageChoice {
    do {
      return try await BaseImages(podman: podman, state: .standard()).choose(
        dockerfile: try dockerfileText(), path: spec.dockerfile, values: spec.arguments, tell: tell)
    } catch let failure as WorkflowFailure {
      throw failure
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .build("\(error)", output: [])
    }
  }

  /// Builds from the Dockerfile, with the engine's cache of layers.
  ///
  /// - Parameter line: called with each line that the build prints.
  func build(
    bases: BaseImageChoice, line: @escaping @Sendable (String) -> Void
  ) async throws(WorkflowFailure) -> AppImage {
    let copy = "\(scratch)/Dockerfile"
    let idFile = "\(scratch)/image-id"
    do {
      let text = try Dockerfile.labelled(
        dockerfileText(), key: Self.label.key, value: Self.label.value)
      try Data(text.utf8).write(to: URL(fileURLWithPath: copy))
    } catch let failure as WorkflowFailure {
      throw failure
    } catch let fault as Dockerfile.Fault {
      throw .build("\(spec.dockerfile), \(fault)", output: [])
    } catch {
      throw .build("\(copy) can't be written: \(error.localizedDescription)", output: [])
    }
    var arguments = [
      "build", "--file", copy, "--iidfile", idFile, "--tag", tag.reference, "--tag",
      Self.cacheReference(of: spec.name),
    ]
    // An ordinary user's steps have a network each.
    if let network, getuid() == 0 { arguments += ["--network", network] }
    if let ignore = ignoreFile() { arguments += ["--ignorefile", ignore] }
    for (name, value) in spec.arguments.sorted(by: { $0.key < $1.key }) {
      arguments += ["--build-arg", "\(name)=\(value)"]
    }
    arguments += bases.arguments
    arguments.append(context)
    do throws(EngineFailure) {
      _ = try await podman.run(arguments, limit: .seconds(1800)) { _, text in line(text) }
    } catch {
      if case .failed(_, let exit, let lines) = error {
        throw .build("\(spec.dockerfile) doesn't build: podman build \(exit)", output: lines)
      }
      throw .engine(error)
    }
    do {
      let id = try String(contentsOfFile: idFile, encoding: .utf8)
      let document = try await service.image(
        String(id.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("sha256:".count)))
      return AppImage(document: document, builder: Self.builderName)
    } catch let failure as EngineFailure {
      throw .engine(failure)
    } catch {
      throw .build("the built image's id can't be read: \(error.localizedDescription)", output: [])
    }
  }

  /// Whether a program can be run by the image's own shell.
  func hasShell(_ image: AppImage) async throws(WorkflowFailure) -> Bool {
    do throws(EngineFailure) {
      let output = try await podman.run(
        ["run", "--rm", "--network", "none", "--pull", "never"] + label.arguments
          + ["--entrypoint", "sh", image.id, "-c", ":"], accepting: Set(0...127))
      return output.exit == .exited(0)
    } catch {
      throw .engine(error)
    }
  }

  /// The file that says what the context lacks: beside the Dockerfile under its name, or the context's.
  /// The copy of the Dockerfile lies elsewhere, so the first wouldn't be found by itself.
  func ignoreFile() -> String? {
    let own = "\(dockerfile).dockerignore"
    return FileManager.default.fileExists(atPath: own) ? own : nil
  }

  private static func joined(_ directory: String, _ path: String) -> String {
    path == "." || path.isEmpty ? directory : "\(directory)/\(path)"
  }
}
