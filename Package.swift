// swift-tools-version: 6.2
import PackageDescription

// One room a target; the arrows are those of CONTRIBUTING.md. A dependency that the table there
// doesn't have is a design question, not a line to add here.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

func room(
  _ name: String, knows dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(
  _ name: String, of dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "devbench",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "devbench", targets: ["devbench"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .executableTarget(
      name: "devbench", dependencies: ["Commands"], swiftSettings: settings),
    room(
      "Commands",
      knows: [
        "Importing", "Decision", "Reports", "Runner", "ResultStore", "Workflows", "Containers",
        "Kubernetes", "Parity", "FileSync", "Processes", "Link", "Measurement", "Scenarios",
        "Statistics",
        "Clock", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    room("Importing", knows: ["Scenarios", "Containers", "Kubernetes", "FileSync"]),
    room(
      "Reports",
      knows: [
        "Decision", "ResultStore", "Statistics", "Measurement", "Parity", "Clock",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [.embedInCode("Templates")]),
    room(
      "Decision",
      knows: ["Scenarios", "Parity", "ResultStore", "Statistics", "Measurement", "Clock"]),
    room(
      "Runner",
      knows: [
        "Workflows", "Measurement", "ResultStore", "Scenarios", "Statistics", "Processes", "Link",
        "Parity", "Clock", logging,
      ]),
    room(
      "ResultStore",
      knows: ["Measurement", "Clock", .product(name: "GRDB", package: "GRDB.swift")]),
    room(
      "Workflows",
      knows: [
        "FileSync", "Containers", "Kubernetes", "Link", "Processes", "Measurement", "Scenarios",
        "Clock", logging,
      ]),
    room(
      "Kubernetes",
      knows: [
        "Processes", "JSON", "Clock", .product(name: "Yams", package: "Yams"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    room(
      "Containers",
      knows: [
        "Processes", "JSON", "Clock", logging, .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    room(
      "FileSync",
      knows: [
        "Processes", "Clock", logging, .product(name: "Crypto", package: "swift-crypto"),
      ]),
    room(
      "Link",
      knows: [
        "Clock",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    room(
      "Processes",
      knows: [
        "CProcesses", "Clock", logging, system,
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(name: "CProcesses"),
    room(
      "Measurement",
      knows: [
        "Clock",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    room(
      "Scenarios",
      knows: [
        "Measurement", "FileSync", "Link", "Clock",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ]),
    room("Parity"),
    room("Statistics"),
    room("JSON"),
    room("Clock"),

    // No product of a release: what Benchmarks/sync and Benchmarks/watch run.
    .executableTarget(
      name: "sync-benchmark", dependencies: ["Clock", "FileSync", "Processes", "Workflows"],
      path: "Benchmarks/SyncBenchmark", swiftSettings: settings),
    // What Benchmarks/statistics runs.
    .executableTarget(
      name: "statistics-benchmark", dependencies: ["Statistics"],
      path: "Benchmarks/StatisticsBenchmark", swiftSettings: settings),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "ContainersTesting", dependencies: ["Containers", "Processes", "TestSupport"],
      path: "Tests/ContainersTesting", swiftSettings: settings),
    .target(
      name: "KubernetesTesting", dependencies: ["JSON", "Kubernetes", "Processes"],
      path: "Tests/KubernetesTesting", swiftSettings: settings),

    .target(
      name: "DecisionTesting", dependencies: ["Clock", "Measurement", "ResultStore"],
      path: "Tests/DecisionTesting", swiftSettings: settings),

    // The executable is run, not linked; the dependency has it built.
    tests(
      "CommandsTests",
      of: [
        "Clock", "Commands", "Containers", "DecisionTesting", "JSON", "Kubernetes",
        "KubernetesTesting", "Runner",
        "Workflows", "ResultStore", "Measurement", "Processes", "Scenarios", "TestSupport",
        "devbench",
      ]),
    tests(
      "ImportingTests", of: ["FileSync", "Importing", "Measurement", "Scenarios", "TestSupport"]),
    tests(
      "ReportsTests",
      of: [
        "Clock", "Decision", "DecisionTesting", "Reports", "ResultStore", "Statistics",
        "Measurement", "Parity",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    tests(
      "RunnerTests",
      of: [
        "Clock", "Containers", "Runner", "Workflows", "ResultStore", "Scenarios", "Measurement",
        "Processes",
        "Statistics", "TestSupport",
      ]),
    tests(
      "ResultStoreTests",
      of: ["Clock", "ResultStore", "Measurement", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "WorkflowsTests",
      of: [
        "Clock", "Workflows", "Containers", "ContainersTesting", "FileSync", "JSON", "Kubernetes",
        "KubernetesTesting", "Link", "Scenarios", "Measurement", "Processes", "TestSupport",
        "devbench",
      ]),
    tests(
      "ContainersTests",
      of: [
        "Clock", "Containers", "ContainersTesting", "Processes", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    tests("FileSyncTests", of: ["Clock", "FileSync", "Processes", "TestSupport"]),
    tests(
      "KubernetesTests",
      of: [
        "JSON", "Kubernetes", "KubernetesTesting", "Processes", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Yams", package: "Yams"),
      ]),
    tests(
      "LinkTests",
      of: ["Clock", "Link", "TestSupport", .product(name: "NIOCore", package: "swift-nio")]),
    tests(
      "ParityTests",
      of: [
        "Containers", "ContainersTesting", "Parity", "Processes", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    tests("ProcessesTests", of: ["Clock", "Processes", "Statistics", "TestSupport"]),
    tests("MeasurementTests", of: ["Clock", "Measurement", "Statistics", "TestSupport"]),
    tests("ScenariosTests", of: ["Clock", "FileSync", "Link", "Scenarios", "Measurement"]),
    tests(
      "DecisionTests",
      of: [
        "Clock", "Decision", "DecisionTesting", "Measurement", "Parity", "ResultStore", "Scenarios",
        "Statistics",
      ]),
    tests("StatisticsTests", of: ["Statistics"]),
  ],
  swiftLanguageModes: [.v6]
)
