import TestSupport
import Testing

@testable import Kubernetes

@Suite("What manifests ask of a machine")
struct ResourceRequestsTests {
  /// After “Quantity” in Kubernetes' apimachinery, and “Resource units in Kubernetes”.
  @Test(
    "quantities",
    arguments: [
      ("0", 0), ("1", 1), ("+1", 1), ("1.", 1), (".5", 0.5), ("0.1", 0.1), ("100m", 0.1),
      ("1500m", 1.5),
      ("250u", 0.00025), ("5n", 5e-9), ("1k", 1000), ("128M", 128e6), ("1G", 1e9), ("2T", 2e12),
      ("1P", 1e15), ("1E", 1e18), ("1Ki", 1024), ("128Mi", 134_217_728), ("1.5Gi", 1_610_612_736),
      ("1Ti", 1_099_511_627_776), ("1Pi", 0x1p50), ("1Ei", 0x1p60), ("1e3", 1000), ("1E3", 1000),
      ("129e6", 129e6), ("128974848000m", 128_974_848), ("12e-1", 1.2), ("1e+2", 100),
      ("000.5", 0.5),
    ])
  func quantities(text: String, value: Double) throws {
    let quantity = try #require(ResourceQuantity(parsing: text))
    #expect(abs(quantity.value - value) <= value * 1e-12)
  }

  @Test(
    "what is no quantity",
    arguments: [
      "", " ", ".", "m", "Mi", "1 Gi", "1gi", "1K", "1MiB", "1e", "1e1.5", "-1", "1_000", "0x10",
      "1e99999",
      "1e999", "١", "1mm", "NaN", "inf", "1e+", "--1", "1Mi ",
    ])
  func noQuantities(text: String) {
    #expect(ResourceQuantity(parsing: text) == nil)
  }

  @Test("text at random is read or refused, and what is read is an amount", arguments: 0..<100)
  func random(seed: Int) {
    var numbers = RandomNumbers(seed: UInt64(seed))
    for _ in 0..<200 {
      let text = (0..<numbers.below(8)).map { _ in
        String(numbers.pick(Array("0123456789.+-eEmkMGTPKiun ")))
      }.joined()
      guard let quantity = ResourceQuantity(parsing: text) else { continue }
      #expect(quantity.value.isFinite && quantity.value >= 0, "\(text)")
      #expect(text.contains { $0.isNumber })
    }
  }

  private static func container(_ name: String, _ resources: String, more: String = "") -> String {
    "{ name: \(name), image: i, resources: \(resources)\(more) }"
  }

  private static let small = container("a", "{ requests: { cpu: 250m, memory: 64Mi } }")
  private static let large = container("b", "{ limits: { cpu: 2, memory: 1Gi } }")
  private static let silent = "{ name: c, image: i }"

  @Test(
    "the sum of a pod is the scheduler's",
    arguments: [
      ("containers: [\(small), \(large), \(silent)]", 2.25, 1088.0),
      ("containers: [\(silent)]", nil, nil),
      ("containers: [\(small)]\n  initContainers: [\(large)]", 2, 1024),
      ("containers: [\(large)]\n  initContainers: [\(small)]", 2, 1024),
      // A request comes before a limit.
      (
        "containers: [\(container("a", "{ requests: { memory: 1Mi }, limits: { memory: 9Mi } }"))]",
        0, 1
      ),
      // One that goes on running counts with those that follow it.
      (
        "containers: [\(small)]\n  initContainers: ["
          + container("s", "{ requests: { cpu: 1 } }", more: ", restartPolicy: Always") + ", "
          + container("t", "{ requests: { cpu: 3 } }") + "]", 4, 64
      ),
      (
        "containers: [\(small)]\n  initContainers: ["
          + container("t", "{ requests: { cpu: 1 } }") + ", "
          + container("s", "{ requests: { cpu: 1 } }", more: ", restartPolicy: Always") + "]", 1.25,
        64
      ),
      ("overhead: { memory: 10Mi }\n  containers: [\(small)]", 0.25, 74),
      ("resources: { requests: { memory: 5Mi } }\n  containers: [\(small)]", 0.25, 5),
      ("containers: [\(container("a", "{ requests: { cpu: 0.5 } }"))]", 0.5, 0),
      ("containers: [\(container("a", "{ requests: { memory: 1e6 } }"))]", 0, 1e6 / 1_048_576),
    ] as [(String, Double?, Double?)])
  func pods(spec: String, processors: Double?, mebibytes: Double?) throws {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  \(spec)\n"
    let requests = try ManifestSet(files: [("p.yaml", yaml)]).requests()
    #expect(requests.pods == 1)
    #expect(requests.isStated == (processors != nil || mebibytes != nil))
    #expect(abs(requests.processors - (processors ?? 0)) < 1e-9)
    #expect(abs(requests.memory / 1_048_576 - (mebibytes ?? 0)) < 1e-9)
  }

  @Test(
    "replicas count",
    arguments: [
      ("apps/v1", "Deployment", "replicas: 3", 3), ("apps/v1", "Deployment", "paused: false", 1),
      ("apps/v1", "StatefulSet", "replicas: 0", 0),
      ("apps/v1", "DaemonSet", "minReadySeconds: 1", 1),
      ("batch/v1", "Job", "parallelism: 4", 4),
      ("batch/v1", "Job", "parallelism: 4\ncompletions: 2", 2),
      ("batch/v1", "Job", "completions: 9", 1),
    ])
  func replicas(version: String, kind: String, line: String, count: Int) throws {
    let yaml = """
      apiVersion: \(version)
      kind: \(kind)
      metadata: { name: p }
      spec:
        \(line.replacing("\n", with: "\n  "))
        template: { spec: { containers: [\(Self.small)] } }
      """
    let requests = try ManifestSet(files: [("p.yaml", yaml)]).requests()
    #expect(requests.pods == count)
    #expect(requests.processors == 0.25 * Double(count))
    #expect(requests.memory == Double(64 << 20) * Double(count))
  }

  @Test("an amount that is none is told with its place")
  func fault() throws {
    let yaml = """
      apiVersion: v1
      kind: Pod
      metadata: { name: p }
      spec: { containers: [\(Self.container("app", "{ requests: { memory: lots } }"))] }
      """
    let set = try ManifestSet(files: [("k8s/p.yaml", yaml)])
    let fault = #expect(throws: ManifestFault.self) { () throws(ManifestFault) in try set.requests()
    }
    #expect(
      "\(try #require(fault))"
        == "k8s/p.yaml: the container app of Pod p asks for “lots”, which is no amount of a resource; "
        + "write it like 500m or 128Mi")
  }
}
