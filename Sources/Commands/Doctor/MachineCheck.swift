import Containers
import Foundation
import Glibc
import Kubernetes
import Measurement
import Processes
import Reports
import Runner
import Scenarios
import Workflows

/// One thing that devbench or its scenarios need of the machine.
struct MachineCheck {
  enum Verdict { case good, warning, missing }

  var subject: String
  var verdict: Verdict
  var finding: String
  /// What to do about it.
  var mend: String?
  /// Whether no cluster can be measured without it, even where that is only a warning.
  var isLack = false

  /// - Parameter target: a cluster beside those of the scenarios.
  static func all(_ scope: DoctorScope, _ target: KubernetesTarget?) async -> [MachineCheck] {
    var checks = [machine(), clock(), state(), watches()]
    var looked: [KubernetesTarget] = []
    checks += scope.faults
    checks += await programs(of: scope.scenarios)
    let engine = await EngineChecks(state: .standard(), scenarios: scope.scenarios).all()
    checks += engine.checks
    for target in scope.targets + (target.map { [$0] } ?? []) where !looked.contains(target) {
      looked.append(target)
      checks += await KubernetesChecks(target, images: scope.images(of: target)).all()
    }
    checks.append(workflows(hasCluster: engine.works))
    return checks
  }

  private static func workflows(hasCluster: Bool) -> MachineCheck {
    var kinds = [WorkflowKind.localNative]
    if hasCluster { kinds.append(.localCluster) }
    let hasRemote = hasCluster && Registry.isInstalled
    if hasRemote { kinds.append(.remoteCluster) }
    var lacks: [String] = []
    if !hasCluster { lacks.append("; clusters need what is said about podman above") }
    if hasCluster, !hasRemote { lacks.append("; remote-cluster needs \(Registry.program)") }
    return MachineCheck(
      subject: "workflows", verdict: .good,
      finding: "this machine can measure " + kinds.map(\.rawValue).joined(separator: ", ")
        + lacks.joined())
  }

  private static func machine() -> MachineCheck {
    let facts = HostFacts.environment()
    let text = EnvironmentText.machine(facts)
    let load = facts.loadBefore.first ?? 0
    guard load > Double(facts.cores) / 2 else {
      return MachineCheck(subject: "machine", verdict: .good, finding: text)
    }
    return MachineCheck(
      subject: "machine", verdict: .warning,
      finding: "\(text); load \(String(format: "%.2f", load))",
      mend: "other work makes figures slower and wider; end it, or measure later")
  }

  private static func clock() -> MachineCheck {
    let path = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
    let source = FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    var resolution = timespec()
    clock_getres(CLOCK_MONOTONIC, &resolution)
    let isFine = resolution.tv_sec == 0 && resolution.tv_nsec <= 1_000
    return MachineCheck(
      subject: "clock", verdict: isFine ? .good : .warning,
      finding: "CLOCK_MONOTONIC at \(resolution.tv_nsec) ns, source \(source ?? "unknown")",
      mend: isFine ? nil : "latencies are no finer than the clock; use another clock source")
  }

  private static func state() -> MachineCheck {
    let directory = StateDirectory.standard()
    do {
      let run = try directory.makeRunDirectory("doctor-\(getpid())")
      try run.remove()
      return MachineCheck(subject: "state", verdict: .good, finding: directory.path)
    } catch {
      return MachineCheck(
        subject: "state", verdict: .missing, finding: "\(error)",
        mend: "set XDG_STATE_HOME to a directory of your own")
    }
  }

  private static func watches() -> MachineCheck {
    let watches = limit("max_user_watches")
    let instances = limit("max_user_instances")
    let finding = "\(watches) watches, \(instances) instances"
    guard watches < 8192 || instances < 32 else {
      return MachineCheck(subject: "inotify", verdict: .good, finding: finding)
    }
    return MachineCheck(
      subject: "inotify", verdict: .warning, finding: finding,
      mend: "sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024")
  }

  private static func limit(_ name: String) -> Int {
    let bytes = FileManager.default.contents(atPath: "/proc/sys/fs/inotify/\(name)") ?? Data()
    return Int(
      String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  /// What the scenarios start: each program must be there, each tool tell its version.
  private static func programs(of scenarios: [Scenario]) async -> [MachineCheck] {
    var checks: [MachineCheck] = []
    var seen: Set<[String]> = []
    for scenario in scenarios {
      for (name, command) in scenario.workflows.flatMap(\.nativeTools)
      where seen.insert(command).inserted {
        checks.append(await tool(name, command, for: scenario))
      }
      for path in scenario.workflows.flatMap(\.paths) {
        for program in path.nativePrograms {
          guard seen.insert([program]).inserted,
            !RequiredTools.isThere(
              program, path: path.environment["PATH"], in: scenario.app.source)
          else { continue }
          checks.append(
            MachineCheck(
              subject: program, verdict: .missing,
              finding: "\(scenario.name) needs it: there is no such program",
              mend: "apt-get install \(package(of: program) ?? program)"))
        }
      }
    }
    return checks
  }

  private static func tool(
    _ name: String, _ command: [String], for scenario: Scenario
  ) async -> MachineCheck {
    do throws(ProcessFailure) {
      let output = try await Command.output(of: command, in: scenario.app.source)
      let version = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
      return MachineCheck(
        subject: name, verdict: .good, finding: "\(version), for \(scenario.name)")
    } catch {
      return MachineCheck(
        subject: name, verdict: .missing,
        finding: "\(scenario.name) needs it: \(reason(error))",
        mend: package(of: name).map { "apt-get install \($0)" } ?? "install \(name)")
    }
  }

  private static func reason(_ failure: ProcessFailure) -> String {
    guard case .exited(let command, let status, let output) = failure else { return "\(failure)" }
    let last = output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    return "“\(command)” \(status): \(last)"
  }

  /// Debian's packages for tools that the shipped scenarios name.
  private static func package(of tool: String) -> String? {
    let packages = [
      "python": "python3", "flask": "python3-flask", "werkzeug": "python3-flask", "node": "nodejs",
    ]
    return packages[tool]
  }
}
