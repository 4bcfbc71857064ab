import Containers
import Foundation
import Glibc
import Measurement
import Processes
import Reports
import Scenarios

/// What clusters need of the machine: the engine, its helpers, base images, a remote's registry.
struct EngineChecks {
  let state: StateDirectory
  let scenarios: [Scenario]
  /// Whether a scenario is measured on a cluster: then what is missing is an error, else a hint.
  var isNeeded: Bool { uses(.localCluster) || uses(.remoteCluster) }

  private func uses(_ kind: WorkflowKind) -> Bool {
    scenarios.contains { $0.workflows.contains { $0.kind == kind } }
  }

  /// The checks, and whether clusters can be measured.
  func all() async -> (checks: [MachineCheck], works: Bool) {
    let lack: MachineCheck.Verdict = isNeeded ? .missing : .warning
    let podman: Podman
    do throws(EngineFailure) {
      podman = try await Podman.ready(state: state)
    } catch {
      return ([Self.unready(error, lack)], false)
    }
    var checks: [MachineCheck] = []
    var works = true
    do throws(EngineFailure) {
      let info = try await podman.info()
      checks.append(
        MachineCheck(
          subject: "podman", verdict: .good,
          finding: "\(info.version), \(info.isRootless ? "rootless" : "as root"), runtime "
            + "\(info.runtime), network \(info.networkBackend), cgroups by \(info.cgroupManager), "
            + "storage \(info.storageDriver)"))
      checks += Self.helpers(info, lack)
      if info.storageDriver == "vfs" {
        checks.append(
          MachineCheck(
            subject: "storage", verdict: .warning,
            finding: "the driver vfs copies whole images: builds and starts take many times longer",
            mend:
              "as root: apt-get install containers-storage; then, which removes all your images "
              + "and containers: podman system reset"))
      }
    } catch {
      works = false
      checks.append(Self.unready(error, lack))
    }
    if getuid() != 0 {
      let lacks = RootlessNeeds.current().lacks
      checks += lacks.map {
        MachineCheck(
          subject: "rootless", verdict: lack, finding: $0.what, mend: $0.mend, isLack: true)
      }
    }
    if podman.settings.changes.isEmpty {
      checks.append(
        MachineCheck(
          subject: "engine", verdict: .good, finding: "devbench changes nothing about its settings")
      )
    }
    checks += podman.settings.changes.map {
      MachineCheck(
        subject: "engine", verdict: .good, finding: "for devbench's own calls \($0)")
    }
    checks.append(registry)
    if works { checks += await bases(podman, lack) }
    works =
      works && !checks.contains { $0.verdict == .missing || ($0.verdict == lack && $0.isLack) }
    return (checks, works)
  }

  /// What images travel by to a remote.
  private var registry: MachineCheck {
    guard !Registry.isInstalled else {
      return MachineCheck(subject: "registry", verdict: .good, finding: Registry.program)
    }
    return MachineCheck(
      subject: "registry", verdict: uses(.remoteCluster) ? .missing : .warning,
      finding: "remote-cluster needs \(Registry.program)",
      mend: "as root: " + EngineFailure.installation(of: [Registry.program]))
  }

  private static func unready(
    _ failure: EngineFailure, _ verdict: MachineCheck.Verdict
  ) -> MachineCheck {
    let lines = "\(failure)".split(whereSeparator: \.isNewline).map(String.init)
    // What a failure says after “as root:” is the command that mends it.
    let parts = lines.joined(separator: " ").components(separatedBy: "as root: ")
    let mend = parts.count > 1 ? "as root: " + parts[1] : "run it by hand to see more"
    return MachineCheck(
      subject: "podman", verdict: verdict, finding: parts[0], mend: mend, isLack: true)
  }

  /// The programs that podman calls, and Debian's packages for them.
  private static func helpers(
    _ info: EngineInfo, _ verdict: MachineCheck.Verdict
  ) -> [MachineCheck] {
    let missing = EngineHelper.wanted(by: info).filter { !$0.isThere }
    guard !missing.isEmpty else { return [] }
    return [
      MachineCheck(
        subject: "podman", verdict: verdict,
        finding: "it needs \(missing.map(\.program).joined(separator: ", "))",
        mend: "as root: " + EngineFailure.installation(of: missing.map(\.package)), isLack: true)
    ]
  }

  /// The base of each scenario's Dockerfile.
  private func bases(_ podman: Podman, _ verdict: MachineCheck.Verdict) async -> [MachineCheck] {
    var checks: [MachineCheck] = []
    let builder = StandInBuilder(podman: podman, state: state)
    for (reference, user) in references {
      let subject = "base of \(user)"
      do throws(EngineFailure) {
        if let image = try await podman.image(reference) {
          checks.append(
            MachineCheck(
              subject: subject, verdict: .good, finding: "\(reference) (\(image.id.prefix(12)))"))
        } else if let standIn = ImageReference(reference).flatMap({ StandIn(for: $0) }),
          let image = try await builder.image(standIn)
        {
          checks.append(
            MachineCheck(
              subject: subject, verdict: .good,
              finding: "\(standIn.reference) (\(image.id.prefix(12)): \(standIn.contents)) where "
                + "\(reference) can't be pulled"))
        } else {
          checks.append(
            MachineCheck(
              subject: subject, verdict: .warning,
              finding: "\(reference) isn't here; it is pulled when it is first needed",
              mend: "\(StandIn.command) pulls it, or makes one from Debian's packages"))
        }
      } catch {
        checks.append(
          MachineCheck(subject: subject, verdict: verdict, finding: "\(error)", isLack: true))
      }
    }
    return checks
  }

  /// The images that the scenarios' Dockerfiles start from, each once with its scenario.
  private var references: [(reference: String, scenario: String)] {
    var seen: Set<String> = []
    var references: [(reference: String, scenario: String)] = []
    for scenario in scenarios {
      let images = scenario.workflows.flatMap(\.paths).compactMap(\.cluster?.image)
      for image in Set(images) {
        // A Dockerfile that can't be read is told by the build.
        let path = "\(scenario.app.source)/\(image.context)/\(image.dockerfile)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
          let dockerfile = try? Dockerfile(parsing: text)
        else { continue }
        for base in dockerfile.bases(image.arguments)
        where seen.insert(base.reference).inserted {
          references.append((base.reference, scenario.name))
        }
      }
    }
    return references
  }

  /// Sees to it that every base is there: pulls it, or makes a stand-in.
  ///
  /// - Returns: false if one couldn't be got.
  func fix(tell: @escaping @Sendable (String) -> Void) async -> Bool {
    let podman: Podman
    do throws(EngineFailure) {
      podman = try await Podman.ready(state: state)
    } catch {
      tell("\(error)")
      return false
    }
    // Who asks to mend wants to know whether a registry answers now.
    RegistrySilence(state: state).forget()
    let images = BaseImages(podman: podman, state: state)
    let builder = StandInBuilder(podman: podman, state: state)
    var isDone = true
    for (reference, _) in references {
      do throws(EngineFailure) {
        do throws(EngineFailure) {
          let base = try await images.image(reference, tell: tell)
          tell("\(reference): \(base)")
        } catch {
          guard case .noBaseImage = error, let name = ImageReference(reference),
            let standIn = StandIn(for: name)
          else { throw error }
          try await builder.make(standIn, tell: tell)
          tell("\(reference): \(standIn.reference), \(standIn.contents)")
        }
      } catch {
        isDone = false
        tell("\(error)")
      }
    }
    return isDone
  }
}
