import Link
import TestSupport
import Testing

@Suite struct ProfileTests {
  @Test(
    "a bandwidth is read in the units of providers",
    arguments: [
      ("20Mbit/s", 20_000_000), ("1Gbit/s", 1_000_000_000), ("512kbit/s", 512_000),
      ("9600bit/s", 9600), ("1.5Mbit/s", 1_500_000), ("0.5Gbit/s", 500_000_000),
      ("8kbit/s", 8000), ("1000Gbit/s", 1_000_000_000_000), ("007.50Mbit/s", 7_500_000),
    ])
  func bandwidths(text: String, bits: Int64) throws {
    #expect(try Bandwidth(text).bitsPerSecond == bits)
  }

  @Test(
    "what is no bandwidth is told as such",
    arguments: [
      "", "20", "Mbit/s", "20 Mbit/s", "20mbit/s", "20MBit/s", "20Mbit", "-1Mbit/s", "+1Mbit/s",
      "1e3Mbit/s", ".5Mbit/s", "5.Mbit/s", "1.2.3Mbit/s", "nanMbit/s", "infMbit/s", "0Mbit/s",
      "1bit/s", "1001Gbit/s", "99999999999999999999Gbit/s", "٣Mbit/s", "20Mbit/s ", "0x10Mbit/s",
    ])
  func noBandwidths(text: String) {
    #expect(throws: LinkFailure.self) { try Bandwidth(text) }
  }

  @Test(
    "a time is read in us, ms and s",
    arguments: [
      ("40ms", Duration.milliseconds(40)), ("0", .zero), ("0ms", .zero),
      ("1.5s", .milliseconds(1500)), ("500us", .microseconds(500)), ("60s", .seconds(60)),
      ("0.25ms", .microseconds(250)),
    ])
  func delays(text: String, delay: Duration) throws {
    #expect(try LinkDelay.parse(text) == delay)
  }

  @Test(
    "what is no time is told as such",
    arguments: ["", "40", "ms", "40 ms", "-1ms", "1m", "61s", "1e2ms", "40msx", "4,5ms", "00"])
  func noDelays(text: String) {
    #expect(throws: LinkFailure.self) { try LinkDelay.parse(text) }
  }

  @Test(
    "an address is read",
    arguments: [
      ("127.0.0.1:80", LinkAddress.tcp(host: "127.0.0.1", port: 80)),
      ("localhost:0", .tcp(host: "localhost", port: 0)),
      ("[::1]:65535", .tcp(host: "::1", port: 65535)),
      ("unix:/run/a b:c.sock", .unix(path: "/run/a b:c.sock")),
      ("unix:relative", .unix(path: "relative")),
    ])
  func addresses(text: String, address: LinkAddress) throws {
    #expect(try LinkAddress(text) == address)
    #expect("\(address)" == text)
  }

  @Test(
    "what is no address is told as such",
    arguments: [
      "", ":", "80", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:-1", "a:1x",
      "::1:80", "[]:80", "unix:", "unix:" + String(repeating: "a", count: 104), "a:٣", "unix:a\0b",
      "127.0.0.1:000000",
    ])
  func noAddresses(text: String) {
    #expect(throws: LinkFailure.self) { try LinkAddress(text) }
  }

  @Test("random text is read or refused, and what is read is written as it is read")
  func fuzz() throws {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("0123456789..mkMGbit/susx:[]-+e ٣\0é/unix127.0.1")
    for _ in 0..<20_000 {
      let text = String(
        (0..<Int.random(in: 0...14, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? "0"
        })
      if let bandwidth = try? Bandwidth(text) {
        #expect(try Bandwidth("\(bandwidth)") == bandwidth, "\(text)")
      }
      if let delay = try? LinkDelay.parse(text) {
        #expect(try LinkDelay.parse(LinkDelay.text(delay)) == delay, "\(text)")
      }
      if let address = try? LinkAddress(text) {
        #expect(try LinkAddress("\(address)") == address, "\(text)")
      }
    }
  }

  @Test("named profiles are found by their names, and no other is")
  func named() throws {
    let names = ["lan", "office", "home-fiber", "home-dsl", "lte", "airplane-wifi", "offline"]
    #expect(LinkProfile.named.compactMap(\.name) == names)
    for name in names {
      let profile = try LinkProfile.named(name)
      #expect(profile.name == name)
      #expect((profile.outage == .stall) == (name == "offline"))
      // Each is one that could be asked for.
      _ = try LinkProfile(
        rtt: profile.rtt, jitter: profile.jitter, up: profile.up, down: profile.down)
    }
    #expect {
      try LinkProfile.named("moon")
    } throws: {
      "\($0)".contains("home-dsl")
    }
  }

  @Test("a profile's times have limits")
  func limits() {
    #expect(throws: LinkFailure.self) { try LinkProfile(rtt: .milliseconds(-1)) }
    #expect(throws: LinkFailure.self) { try LinkProfile(rtt: .seconds(61)) }
    #expect(throws: LinkFailure.self) {
      try LinkProfile(rtt: .milliseconds(10), jitter: .milliseconds(11))
    }
    #expect(throws: LinkFailure.self) { try LinkProfile(rtt: .zero, jitter: .milliseconds(-1)) }
  }
}
