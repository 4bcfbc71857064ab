import Clock
import Foundation
import Measurement
import ResultStore
import Testing

@testable import Runner

@Suite("OfflineExperiment", .serialized, .timeLimit(.minutes(5)))
struct OfflineExperimentTests {
  // As Linux 6.1 writes them: two interfaces lead out, one by IPv6 alone; another only to its neighbours.
  private static let routes = """
    Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
    eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
    podman0\t0000580A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
    down0\t00000000\t0100A8C0\t0002\t0\t0\t100\t00000000\t0\t0\t0

    """
  private static let routes6 = """
    00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wlan0
    00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo

    """

  private static func devices(eth0: Int, wlan0: Int) -> String {
    """
    Inter-|   Receive                                                |  Transmit
     face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
        lo: 5000 10 0 0 0 0 0 0 5000 10 0 0 0 0 0 0
      eth0:    7000 20 0 0 0 0 0 0 \(eth0) 30 0 0 0 0 0 0
     wlan0:1 1 0 0 0 0 0 0 \(wlan0) 1 0 0 0 0 0 0
    podman0: 1 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0

    """
  }

  @Test("bytes are counted of the interfaces that lead out of the machine")
  func bytes() {
    func count(_ eth0: Int, _ wlan0: Int) -> OutboundBytes {
      OutboundBytes(
        routes: Self.routes, routes6: Self.routes6,
        devices: Self.devices(eth0: eth0, wlan0: wlan0))
    }
    #expect(count(1, 2).sent == ["eth0": 1, "wlan0": 2])
    #expect(count(1, 2).names == "eth0, wlan0")
    #expect(count(1500, 20).since(count(1000, 10)) == 510)
    // One that was taken down and up again counts anew.
    #expect(count(100, 20).since(count(1000, 10)) == 10)
    let none = OutboundBytes(routes: "", routes6: "", devices: Self.devices(eth0: 1, wlan0: 1))
    #expect(none.sent.isEmpty && none.since(count(1, 1)) == 0)
    #expect(none.names == "no interface has a default route")
  }

  private static func edit(_ saved: Int, _ served: Int?, _ outcome: FaultOutcome) -> FaultEdit {
    FaultEdit(
      token: "\(saved)", savedAt: .seconds(saved), outcome: outcome,
      servedAt: served.map { .seconds($0) })
  }

  private func taken(_ edits: [FaultEdit], hasLink: Bool = true) -> ExperimentTrial {
    let cell = Cell(workflow: .remoteCluster, path: .sync, edit: "message")
    var trial = ExperimentTrial(
      .offline, of: cell, condition: "link-down", number: 1, startedOn: Date())
    let span = FaultSpan(link: "offline", from: .seconds(3), to: .seconds(8))
    OfflineExperiment.take(
      FaultTrial(cell: cell, spans: [span], edits: edits), span, hasLink: hasLink, into: &trial)
    return trial
  }

  @Test("each edit that was saved while the link was down is in one of the counts")
  func counts() {
    let trial = taken([
      Self.edit(1, 2, .served), Self.edit(3, 4, .served), Self.edit(4, nil, .superseded),
      Self.edit(6, 11, .served), Self.edit(7, nil, .lost), Self.edit(9, 10, .served),
    ])
    let figures = Dictionary(uniqueKeysWithValues: trial.figures.map { ($0.name, $0.value) })
    #expect(
      figures == [
        "edits saved": 4, "edits served meanwhile": 1, "edits served afterwards": 1,
        "edits superseded": 1, "edits lost": 1, "time down": 5,
      ])
    // Of those that had waited; the one of 10 s was saved later.
    #expect(trial.duration == .seconds(3))
  }

  /// The link is down from 3 s to 8 s.
  static let lastOnes: [(served: Double, hasLink: Bool, meanwhile: Double, seconds: Double?)] = [
    (7.9, true, 1, nil), (8.1, true, 0, 0.1), (7.9, false, 1, nil), (8.1, false, 1, nil),
    (20, false, 1, nil),
  ]

  @Test("an edit waits for the link's return only where there is a link", arguments: lastOnes)
  func lastOne(served: Double, hasLink: Bool, meanwhile: Double, seconds: Double?) {
    let last = FaultEdit(
      token: "last", savedAt: .milliseconds(7_500), outcome: .served,
      servedAt: .milliseconds(Int64(served * 1000)))
    let trial = taken([Self.edit(1, 2, .served), last], hasLink: hasLink)
    let figures = Dictionary(uniqueKeysWithValues: trial.figures.map { ($0.name, $0.value) })
    #expect(figures["edits served meanwhile"] == meanwhile)
    #expect(figures["edits served afterwards"] == 1 - meanwhile)
    #expect(trial.duration == seconds.map { .milliseconds(Int64(($0 * 1000).rounded())) })
  }

  @Test("where nothing was down, or nothing waited, there is no time until it was back")
  func nothingWaited() {
    #expect(taken([Self.edit(4, 5, .served)]).duration == nil)
    let local = taken([Self.edit(7, 9, .served)], hasLink: false)
    #expect(local.duration == nil)
    #expect(local.figures.first { $0.name == "time down" }?.value == 0)
  }

  @Test("edits are saved all the same where there is no link, and what left the machine is said")
  func local() async throws {
    var bench = try Bench(iterations: 1, thinkTime: .milliseconds(100)...(.milliseconds(200)))
    bench.options.experiments = [.offline]
    bench.options.iterations = 1
    _ = try await bench.runner().run()
    let trial = try #require(try bench.stored().experiments.first)
    #expect(trial.outcome == .completed && trial.condition == "link-down")
    func figure(_ name: String) -> Double? { trial.figures.first { $0.name == name }?.value }
    #expect(try #require(figure("edits saved")) > 1)
    #expect(figure("edits lost") == 0)
    #expect(figure("bytes sent by this machine") != nil)
    try bench.expectTidy()
  }

  @Test("where the kernel doesn't say what was sent, nothing is said, rather than none")
  func unknown() throws {
    let tree = try TemporaryTree()
    #expect(OutboundBytes.now(in: tree.inner("nothing")) == nil)
    try tree.write("net/route", "Iface\n")
    #expect(OutboundBytes.now(in: tree.inner("net")) == nil)
    try tree.write("net/dev", "")
    #expect(OutboundBytes.now(in: tree.inner("net"))?.sent == [:])
  }
}
