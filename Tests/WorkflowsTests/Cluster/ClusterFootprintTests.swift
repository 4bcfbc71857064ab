import Containers
import Foundation
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// The figures of a session's containers against a shell's readings of the same files.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct ClusterFootprintTests {
  /// Prints the bytes in use, the nanoseconds used and the processes of the group two levels above a process: its
  /// pod's. Knows both versions of control groups.
  private static let reader = #"""
    set -e
    parent() { sed -n "s/^[0-9]*:$2:\(.*\)\/[^/]*$/\1/p" "/proc/$1/cgroup"; }
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
      path=$(parent "$1" ""); case $path in */libpod-*) path=${path%/*} ;; esac
      group=/sys/fs/cgroup$path
      used=$(cat "$group/memory.current")
      files=$(awk '$1 == "inactive_file" { print $2 }' "$group/memory.stat")
      time=$(awk '$1 == "usage_usec" { print $2 * 1000 }' "$group/cpu.stat")
    else
      memory=/sys/fs/cgroup/memory$(parent "$1" memory)
      used=$(cat "$memory/memory.usage_in_bytes")
      files=$(awk '$1 == "total_inactive_file" { print $2 }' "$memory/memory.stat")
      time=$(cat "/sys/fs/cgroup/cpuacct$(parent "$1" cpuacct)/cpuacct.usage")
    fi
    echo $((used - files)) "$time"
    """#

  private func reading(of pid: Int32) async throws -> (memory: Double, time: Double) {
    let output = try await Command.output(of: ["sh", "-c", Self.reader, "sh", "\(pid)"])
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(numbers.count == 2, "\(output)")
    return (numbers[0], numbers[1] / 1e9)
  }

  private func containers(of app: ClusterApp) async -> FootprintRoots {
    var roots = await app.session.footprint()
    #expect(roots.trees == [.current])
    // Other tests of this process start processes too.
    roots.trees = []
    return roots
  }

  @Test("a pod that holds memory and works is told as its control group says, within 5 %")
  func pod() async throws {
    var options = ClusterApp.Options()
    options.script = "held = bytearray(os.urandom(96 << 20))\nserve()"
    try await ClusterApp.with(options) { app in
      let roots = await containers(of: app)
      let container = try #require(await app.session.runningLoop?.deployment.targets.first)
      var meter = FootprintMeter()
      let look = meter.look(at: roots)
      let before = try await reading(of: container.pid)
      #expect((look.groups, look.unseenContainers) == (1, 0))
      #expect(look.memoryOfContainers > 96 << 20)
      let ratio = Double(look.memoryOfContainers) / before.memory
      #expect(abs(ratio - 1) < 0.05, "\(look.memoryOfContainers) of \(before.memory) bytes")

      // Started beside the app, and gone when the next look comes.
      let burn = """
        import os, time
        while time.process_time() < 1: pass
        with open("/app/written", "wb") as file: file.write(bytes(5 << 20))
        """
      let output = try await app.session.run(
        ["python3", "-c", burn], input: [], limit: .seconds(60))
      #expect(output.status == 0)
      _ = meter.look(at: roots)
      let used = try await reading(of: container.pid).time - before.time
      #expect(used > 0.9)
      #expect(abs(meter.processorTime / used - 1) < 0.05, "\(meter.processorTime) of \(used) s")

      let spaces = try await app.session.occupiedSpace()
      let bytes = Dictionary(uniqueKeysWithValues: spaces.map { ($0.what, $0.bytes) })
      #expect(try #require(bytes["containers"]) >= 5 << 20)
      let engine = try #require(try await app.podman.containers(ids: [container.id]).first)
      let whole = Double(try #require(try await app.podman.image(engine.imageID)).size)
      #expect(abs(Double(try #require(bytes["images"])) / whole - 1) < 0.05, "\(whole)")
    }
  }

  @Test("with a new container, and with a new pod, what is there now is looked at")
  func replaced() async throws {
    for deploy in [ClusterSpec.DeployStrategy.inPlace, .replace] {
      var options = ClusterApp.Options.small(.rebuild)
      options.deploy = deploy
      try await ClusterApp.with(options) { app in
        var meter = FootprintMeter()
        let first = await containers(of: app)
        #expect(meter.look(at: first).groups == 1)
        try app.save("text.txt", "two")
        #expect(await app.served("two"))
        try await app.settled(1)
        let second = await containers(of: app)
        #expect(first != second)
        let look = meter.look(at: second)
        #expect((look.groups, look.unseenContainers) == (1, 0))
        #expect(meter.processorTime > 0)
      }
    }
  }

  @Test("what stands for another machine isn't the workstation's")
  func remote() async throws {
    try await ClusterApp.with(.remote(.sync)) { app in
      let roots = await app.session.footprint()
      #expect(roots.containers == [])
      #expect(roots.leftOut.count == 1)
      let spaces = try await app.session.occupiedSpace()
      #expect(spaces.first { $0.what == "containers" }?.bytes == 0)
    }
  }

  @Test("what manifests request is told, and nothing where they say nothing")
  func requests() async throws {
    var options = ClusterApp.Options.small(.sync)
    try await ClusterApp.with(options) { app in
      let requested = try await app.session.requestedResources()
      #expect(requested == nil)
    }
    options.manifest = ClusterApp.manifest.replacing(
      "image: looptest\n",
      with: "image: looptest\n      resources: { requests: { cpu: 50m, memory: 16Mi } }\n")
    try await ClusterApp.with(options) { app in
      let requested = try await app.session.requestedResources()
      #expect(
        requested
          == RequestedResources(processors: 0.05, memory: 0x1p24, pods: 1, silentPods: 0))
    }
  }
}
