import Foundation
import Kubernetes
import Processes
import Scenarios

/// What a workflow on Kubernetes needs of kubectl, of the cluster, and of what the user may do there.
struct KubernetesChecks {
  private let target: KubernetesTarget
  /// What is brought to its nodes.
  private let images: [ImageSpec]
  private let client: any KubernetesClient
  private let kubectl: KubectlClient
  /// Of this machine; parameters, so that a test can set them.
  private let architecture: String
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - limit: how long the cluster may take for one answer.
  ///   - client: asked for objects, in place of kubectl.
  init(
    _ target: KubernetesTarget, images: [ImageSpec] = [], kubectl program: String = "kubectl",
    limit: Duration = .seconds(10),
    client: (any KubernetesClient)? = nil, architecture: String = Self.localArchitecture,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.target = target
    self.images = images
    kubectl = KubectlClient(
      Kubectl(context: target.context, program: program), limit: limit)
    self.client = client ?? kubectl
    self.architecture = architecture
    self.now = now
  }

  func all() async -> [MachineCheck] {
    let subject = target.context.map { "context \($0)" } ?? "current context"
    var checks: [MachineCheck] = []
    do throws(KubernetesFailure) {
      checks.append(
        MachineCheck(
          subject: "kubectl", verdict: .good, finding: try await kubectl.clientVersion()))
    } catch {
      return [Self.missing("kubectl", error)]
    }
    let namespace: String
    do throws(KubernetesFailure) {
      let own = try await kubectl.defaultNamespace()
      namespace = target.namespace ?? own
      let server = try await kubectl.serverVersion()
      checks.append(
        MachineCheck(
          subject: subject, verdict: .good,
          finding: "answers, Kubernetes \(server), namespace \(namespace)"))
    } catch {
      return checks + [Self.missing(subject, error)]
    }
    async let rights = permissions(in: namespace)
    async let clock = clock(in: namespace)
    async let nodes = nodes()
    checks += await [rights, clock, nodes].flatMap { $0 }
    let path = ImagePathCheck(context: target.context ?? "", client: client)
    for image in images { checks.append(await path.of(image)) }
    return checks
  }

  private static func missing(_ subject: String, _ failure: KubernetesFailure) -> MachineCheck {
    MachineCheck(
      subject: subject, verdict: .missing, finding: failure.message,
      mend: failure.nextStep ?? "kubectl config get-contexts")
  }

  // MARK: Permissions

  private struct Right: Hashable {
    let verb: String
    let resource: String
    var group = ""

    init(_ verb: String, _ resource: String, group: String = "") {
      (self.verb, self.resource, self.group) = (verb, resource, group)
    }

    var name: String { "\(verb) \(resource)" }
  }

  /// Without these no app runs; the first word is kubectl's.
  private static let needed: [Right] =
    ["get", "list", "watch", "create", "update", "delete"].map { Right($0, "pods") }
    + [
      Right("get", "pods/log"),
      // A stream over WebSocket begins with a GET, one over SPDY with a POST.
      Right("create", "pods/exec"), Right("create", "pods/portforward"),
    ]

  /// Needed by manifests that have such objects.
  private static let neededForKinds: [Right] =
    ["create", "delete"].flatMap { verb in
      ["services", "configmaps", "secrets"].map { Right(verb, $0) }
        + ["deployments", "statefulsets"].map { Right(verb, $0, group: "apps") }
        + [Right(verb, "jobs", group: "batch")]
    }

  /// In no namespace: one that isn't there is made.
  private static let makeNamespace = Right("create", "namespaces")

  /// What is only sometimes needed, with what for.
  private static let useful: [(Right, String)] = [
    (Right("get", "pods/exec"), "exec over WebSocket takes it on some clusters"),
    (Right("list", "events"), "why a pod doesn't start is told by its events"),
  ]

  private func permissions(in namespace: String) async -> [MachineCheck] {
    let subject = "permissions"
    let isMissing = await isMissing(namespace)
    let needed = Self.needed + (isMissing ? [Self.makeNamespace] : [])
    let rights = needed + Self.neededForKinds + Self.useful.map(\.0)
    let answers = await withTaskGroup(of: (Right, Result<Bool, KubernetesFailure>).self) { group in
      for right in rights {
        group.addTask {
          do throws(KubernetesFailure) {
            let review = SelfSubjectAccessReview(
              right.verb, right.resource, group: right.group,
              namespace: right == Self.makeNamespace ? "" : namespace)
            return (right, .success(try await client.create(review).isAllowed))
          } catch {
            return (right, .failure(error))
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for right in rights {
      if case .failure(let failure)? = answers[right] {
        return [
          MachineCheck(
            subject: subject, verdict: .warning,
            finding: "the cluster doesn't tell what you may do: \(failure.message)",
            mend: failure.nextStep)
        ]
      }
    }
    func isAllowed(_ right: Right) -> Bool { (try? answers[right]?.get()) == true }
    func lacks(_ rights: [Right]) -> String? {
      let names = rights.filter { !isAllowed($0) }.map(\.name)
      return names.isEmpty
        ? nil : "in namespace \(namespace) you may not " + names.joined(separator: ", ")
    }
    let mend =
      isMissing
      ? "have the namespace made, with the role “edit” there, or name another"
      : "ask for the role “edit” there, or name another namespace"
    var checks: [MachineCheck] = []
    let lack = lacks(needed)
    let lackForKinds = lacks(Self.neededForKinds)
    if let lack {
      checks.append(
        MachineCheck(subject: subject, verdict: .missing, finding: lack, mend: mend))
    } else {
      checks.append(
        MachineCheck(
          subject: subject, verdict: .good,
          finding: "pods, exec, port-forward"
            + (lackForKinds == nil ? ", output and workloads " : " and output ")
            + "in namespace \(namespace)"))
    }
    if let lackForKinds {
      checks.append(
        MachineCheck(
          subject: subject, verdict: .warning,
          finding: "\(lackForKinds): manifests with such objects can't be deployed", mend: mend))
    }
    for (right, why) in Self.useful where !isAllowed(right) {
      checks.append(
        MachineCheck(
          subject: subject, verdict: .warning,
          finding: "in namespace \(namespace) you may not \(right.name): \(why)"))
    }
    return checks
  }

  /// Who may not look is told by what is asked in the namespace.
  private func isMissing(_ namespace: String) async -> Bool {
    do throws(KubernetesFailure) {
      _ = try await client.get(Namespace.self, name: namespace, namespace: "")
      return false
    } catch {
      return error.reason == .notFound
    }
  }

  // MARK: Clock

  /// Files are as old as their landing by the node's clock, and reloaders compare.
  private static let mostSkew: TimeInterval = 2

  private func clock(in namespace: String) async -> [MachineCheck] {
    var found: [String] = []
    var worst: TimeInterval = 0
    // A node's lease was renewed at most its duration ago; what is renewed in the future is skewed.
    let leases = try? await client.list(Lease.self, namespace: "kube-node-lease").items
    for lease in leases ?? [] {
      guard let time = lease.renewTime.flatMap(Self.time) else { continue }
      let age = now().timeIntervalSince(time)
      if age < -Self.mostSkew {
        worst = max(worst, -age)
        found.append("node \(lease.name) is \(Self.seconds(-age)) ahead, by its lease")
      } else if age > TimeInterval(lease.durationSeconds ?? 40) {
        worst = max(worst, age)
        found.append("node \(lease.name) is \(Self.seconds(age)) behind by its lease, or gone")
      }
    }
    let before = now()
    if let server = try? await kubectl.serverTime(namespace: namespace).flatMap(Self.time) {
      let after = now()
      // The server's time is cut to whole seconds.
      let ahead = server.timeIntervalSince(after)
      let behind = before.timeIntervalSince(server) - 1
      if ahead > Self.mostSkew || behind > Self.mostSkew {
        worst = max(worst, ahead, behind)
        found.append(
          ahead > 0
            ? "the API server is \(Self.seconds(ahead)) ahead"
            : "the API server is \(Self.seconds(behind)) behind")
      }
    } else if leases?.isEmpty ?? true {
      return [
        MachineCheck(
          subject: "clock", verdict: .warning,
          finding: "the cluster's time can't be read: neither by node leases nor by an answer")
      ]
    }
    guard !found.isEmpty else {
      let by = leases?.isEmpty == false ? "the nodes' leases" : "the API server"
      return [
        MachineCheck(
          subject: "clock", verdict: .good, finding: "the cluster's agrees with ours, by \(by)")
      ]
    }
    return [
      MachineCheck(
        subject: "clock", verdict: .warning, finding: found.joined(separator: "; "),
        mend: "let NTP set both clocks: reloaders compare times of files")
    ]
  }

  private static func seconds(_ interval: TimeInterval) -> String {
    String(format: "%.0f s", interval)
  }

  private static func time(_ text: String) -> Date? {
    (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
      ?? (try? Date.ISO8601FormatStyle().parse(text))
  }

  // MARK: Nodes

  private func nodes() async -> [MachineCheck] {
    let nodes: [ClusterNode]
    do throws(KubernetesFailure) {
      nodes = try await client.list(ClusterNode.self, namespace: "").items
    } catch {
      return [
        MachineCheck(
          subject: "nodes", verdict: .warning,
          finding: "their architecture isn't known: \(error.message)",
          mend: "images built here are for \(architecture)")
      ]
    }
    let kinds = Set(nodes.compactMap(\.architecture)).sorted().joined(separator: ", ")
    let fits = nodes.contains { $0.architecture == architecture }
    let isMixed = fits && nodes.contains { $0.architecture != architecture }
    return [
      MachineCheck(
        subject: "nodes", verdict: fits ? (isMixed ? .warning : .good) : .missing,
        finding: "\(nodes.count) of \(kinds.isEmpty ? "no known architecture" : kinds)",
        mend: fits && !isMixed
          ? nil
          : "images built here are for \(architecture): "
            + (fits
              ? "select nodes by kubernetes.io/arch in the manifests"
              : "use a cluster with such nodes"))
    ]
  }

  /// As images name it.
  static var localArchitecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}
