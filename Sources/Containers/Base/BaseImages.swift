import Foundation
package import Processes

/// Decides which image a Dockerfile's base is taken from, and sees to it that it is there.
///
/// What is in the local store is used. Else it is pulled; where no registry answers, a stand-in made
/// from Debian's packages takes its place. The user's Dockerfile stays as it is: the build is given
/// the stand-in by argument.
package struct BaseImages: Sendable {
  /// How long a registry may take to say anything at all.
  package static let patience = Duration.seconds(15)

  package let podman: Podman
  private let builder: StandInBuilder
  private let silence: RegistrySilence

  package init(podman: Podman, state: StateDirectory) {
    self.podman = podman
    builder = StandInBuilder(podman: podman, state: state)
    silence = RegistrySilence(state: state)
  }

  /// - Parameters:
  ///   - path: the Dockerfile's, for messages.
  ///   - values: the scenario's build arguments.
  ///   - tell: called with a line about what takes time.
  /// - Throws: `unusableDockerfile`, `noBaseImage`, and what podman fails with.
  package func choose(
    dockerfile text: String, path: String, values: [String: String] = [:], target: String? = nil,
    tell: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EngineFailure) -> BaseImageChoice {
    let dockerfile: Dockerfile
    do {
      dockerfile = try Dockerfile(parsing: text)
    } catch {
      throw .unusableDockerfile(path: path, reason: "\(error)")
    }
    // What is recorded is what is used: the build itself pulls nothing.
    var arguments = ["--pull-never"]
    var bases: [BaseImage] = []
    for base in dockerfile.bases(values, target: target) {
      let chosen = try await image(base.reference, tell: tell)
      bases.append(chosen)
      guard chosen.origin == .standIn else { continue }
      if let argument = base.argument {
        arguments += ["--build-arg", "\(argument)=\(chosen.reference)"]
      } else {
        arguments += [
          "--build-context", "\(base.reference)=docker-image://\(chosen.reference)",
        ]
      }
    }
    return BaseImageChoice(bases: bases, arguments: arguments)
  }

  /// The image for one reference.
  package func image(
    _ wanted: String, tell: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(EngineFailure) -> BaseImage {
    if let image = try await podman.image(wanted) {
      return BaseImage(wanted: wanted, reference: wanted, imageID: image.id, origin: .local)
    }
    guard let reference = ImageReference(wanted) else {
      throw .noBaseImage(
        reference: wanted, reason: "that is no image's name", mend: "write it as registry/name:tag")
    }
    let reason: String
    if let known = silence.reason(of: reference.registry) {
      reason = known
    } else {
      tell("pulling \(wanted) ...")
      switch try await pull(wanted) {
      case .pulled(let image):
        return BaseImage(wanted: wanted, reference: wanted, imageID: image.id, origin: .pulled)
      case .silent(let why):
        reason = why
        silence.remember(reference.registry, reason: why)
      case .refused(let why):
        throw .noBaseImage(
          reference: wanted, reason: why, mend: "check its name in the Dockerfile, or log in")
      }
    }
    guard let standIn = StandIn(for: reference) else {
      throw .noBaseImage(
        reference: wanted, reason: reason,
        mend: "bring it from another machine with “podman save” and “podman load”, or name "
          + "another base")
    }
    guard let image = try await builder.image(standIn) else {
      throw .noBaseImage(
        reference: wanted, reason: reason,
        mend: "“\(StandIn.command)” makes a stand-in from Debian's packages")
    }
    return BaseImage(
      wanted: wanted, reference: standIn.reference, imageID: image.id, origin: .standIn)
  }

  enum PullResult: Sendable {
    case pulled(ImageInfo)
    /// No registry answered.
    case silent(String)
    /// One did, and hasn't got it or doesn't give it.
    case refused(String)
  }

  func pull(_ reference: String) async throws(EngineFailure) -> PullResult {
    let answered = OneShot<Bool>()
    let pulling = Task { () -> Result<Podman.Output, EngineFailure> in
      do throws(EngineFailure) {
        return .success(
          try await podman.run(["pull", reference], limit: .seconds(1800)) { _, line in
            if line.hasPrefix("Getting image source") || line.hasPrefix("Copying") {
              answered.set(true)
            }
          })
      } catch {
        return .failure(error)
      }
    }
    let timer = Task {
      try await Task.sleep(for: Self.patience, clock: .suspending)
      if answered.current == nil { pulling.cancel() }
    }
    let result = await withTaskCancellationHandler {
      await pulling.value
    } onCancel: {
      pulling.cancel()
    }
    timer.cancel()
    switch result {
    case .success:
      guard let image = try await podman.image(reference) else {
        return .refused("it was pulled and isn't there")
      }
      return .pulled(image)
    case .failure(.failed(_, _, let lines)):
      let line = lines.last { $0.hasPrefix("Error") } ?? lines.last ?? "no reason was given"
      return Self.isSilence(line) ? .silent(line) : .refused(line)
    case .failure(.cancelled(let command)):
      if Task.isCancelled { throw .cancelled(command: command) }
      return .silent("no registry answered within \(Self.patience)")
    case .failure(let failure): throw failure
    }
  }

  /// Whether a pull's error says that the registry wasn't reached, or serves nobody for now.
  static func isSilence(_ line: String) -> Bool {
    [
      "no such host", "connection refused", "i/o timeout", "network is unreachable",
      "no route to host", "TLS handshake timeout", "Temporary failure in name resolution",
      "connection reset", "server misbehaving", "Client.Timeout", "context deadline exceeded",
      "toomanyrequests", "no unqualified-search registries",
    ].contains(where: line.contains)
  }
}
