import Foundation
import Glibc
import TestSupport
import Testing

/// `devbench link`, run as a user runs it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LinkCommandTests {
  private static func connected(to line: String) throws -> (port: Int, descriptor: Int32) {
    let address = try #require(line.json["listen"] as? String)
    let port = try #require(Int(address.split(separator: ":").last ?? ""))
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    let status = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    return (port, descriptor)
  }

  @Test(
    "it tells when it is ready, carries bytes, and ends by a signal with its counts",
    arguments: zip([SIGINT, SIGTERM, SIGHUP], [130, 143, 129] as [Int32]))
  func carrying(number: Int32, status: Int32) async throws {
    let bench = try await Bench()
    let listener = try Listener(.loopback4)
    defer { listener.end() }
    let running = try await bench.start([
      "link", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:\(listener.port)", "--json",
      "--profile", "lte", "--rtt", "2ms",
    ])
    let ready = try await running.line { $0.contains("link-ready") }
    let fields = try ready.json
    #expect(fields["rttSeconds"] as? Double == 0.002)
    #expect(fields["upBitsPerSecond"] as? Int == 12_000_000)
    #expect(fields["profile"] == nil)

    let client = try Self.connected(to: ready).descriptor
    #expect(send(client, "hello", 5, Int32(MSG_NOSIGNAL)) == 5)
    let target = try #require(listener.accept())
    var bytes = [UInt8](repeating: 0, count: 5)
    #expect(recv(target, &bytes, 5, Int32(MSG_WAITALL)) == 5)
    #expect(bytes == Array("hello".utf8))

    running.send(number)
    let run = try await running.finish()
    close(client)
    close(target)
    #expect(run.status == status, "\(run.all)")
    let ended = try #require(run.lines.last).json
    #expect(ended["event"] as? String == "link-ended")
    #expect(ended["bytesUp"] as? Int == 5 && ended["bytesDown"] as? Int == 0)
    #expect(ended["connections"] as? Int == 1 && ended["reset"] as? Int == 1)
    #expect(run.errors.isEmpty, "\(run.errors)")
  }

  @Test("for people it says one line, and the counts on standard error")
  func text() async throws {
    let bench = try await Bench()
    let directory = bench.inner("own")
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // The directory it starts in is long; a socket's path is short when relative.
    let running = try await bench.start([
      "link", "--listen", "unix:own/s", "--to", "unix:own/target", "--profile", "home-dsl",
      "--outage", "stall",
    ])
    let line = try await running.line { $0.hasPrefix("link ") }
    #expect(
      line == "link unix:own/s to unix:own/target: home-dsl, rtt 50ms, jitter 5ms, up 1Mbit/s, "
        + "down 10Mbit/s; down (stall)")
    #expect(FileManager.default.fileExists(atPath: directory + "/s"))
    running.send(SIGINT)
    let run = try await running.finish()
    #expect(run.status == 130)
    #expect(run.lines == [line])
    #expect(
      run.errors == "0 connections (0 refused, 0 reset), 0 bytes up, 0 bytes down\n")
    #expect(!FileManager.default.fileExists(atPath: directory + "/s"))
  }

  @Test(
    "wrong usage is told before anything listens",
    arguments: [
      (["--listen", "0.0.0.0:0"], "this machine alone"),
      (["--listen", "8080"], "has no port"),
      (["--listen", "unix:/" + String(repeating: "a", count: 120)], "it may have 103"),
      (["--rtt", "40"], "“40” is no time"), (["--up", "20MB/s"], "“20MB/s” is no bandwidth"),
      (["--profile", "moon"], "airplane-wifi"),
      (["--jitter", "5ms"], "jitter is from 0 to the rtt"),
      (["--outage", "fire"], "stall, refuse, reset"),
      (["--profile", "offline", "--rtt", "4ms"], "is down"),
      (["--to", "127.0.0.1:0"], "has no port"),
    ])
  func wrongUsage(options: [String], message: String) async throws {
    let bench = try await Bench()
    var all = ["--listen": "127.0.0.1:0", "--to": "127.0.0.1:9"]
    for index in stride(from: 0, to: options.count, by: 2) {
      all[options[index]] = options[index + 1]
    }
    let running = try await bench.start(["link"] + all.flatMap { [$0, $1] })
    let run = try await running.finish()
    #expect(run.status == 64, "\(run.all)")
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test("an address that is taken is a failure that says so")
  func taken() async throws {
    let bench = try await Bench()
    let listener = try Listener(.loopback4)
    defer { listener.end() }
    let running = try await bench.start([
      "link", "--listen", "127.0.0.1:\(listener.port)", "--to", "127.0.0.1:9",
    ])
    let run = try await running.finish()
    #expect(run.status == 1, "\(run.all)")
    #expect(run.errors.contains("can't listen on 127.0.0.1:\(listener.port): the port is taken"))
  }
}
