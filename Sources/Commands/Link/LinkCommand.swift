import ArgumentParser
import Link
import Reports

struct LinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Put a slow link between two programs of this machine.",
    usage: "devbench link --listen <address> --to <address> [<options>]",
    discussion: """
      Connections to one address are carried to another, as slowly as the link that is asked for: \
      round-trip time, jitter, bandwidth each way, shared by all connections. It listens for this \
      machine alone. An address is 127.0.0.1:PORT, [::1]:PORT or unix:/PATH; with port 0 the kernel \
      chooses. A unix socket is made in a directory that only you can enter.

      Without a profile and figures of your own the link is as fast as the machine. Figures of your \
      own replace the profile's. docs/link.md tells where the profiles' figures come from, and how \
      exact the link is.

      When it is ready it prints a line on standard output; Ctrl-C ends it, and it tells on standard \
      error what was moved.

      PROFILES
      \(LinkCommand.table)

      EXAMPLES
        devbench link --listen 127.0.0.1:8080 --to 127.0.0.1:80 --profile lte
        devbench link --listen 127.0.0.1:0 --to unix:run/app.sock --rtt 40ms
        devbench link --listen unix:run/slow.sock --to 127.0.0.1:80 --up 2Mbit/s
        devbench link --listen 127.0.0.1:80 --to 127.0.0.1:81 --outage reset
      """)

  @Option(help: ArgumentHelp("Where clients connect.", valueName: "address"))
  var listen: String

  @Option(help: ArgumentHelp("Where connections are carried.", valueName: "address"))
  var to: String

  @Option(
    help: ArgumentHelp("A kind of link, listed above.", valueName: "name"),
    completion: .list(LinkProfile.named.compactMap(\.name)))
  var profile: String?

  @Option(help: ArgumentHelp("The round-trip time, as 40ms.", valueName: "time"))
  var rtt: String?

  @Option(
    help: ArgumentHelp("How far a round trip may be from it, at random.", valueName: "time"))
  var jitter: String?

  @Option(
    help: ArgumentHelp("From client to target, as 512kbit/s or 20Mbit/s.", valueName: "bandwidth"))
  var up: String?

  @Option(help: ArgumentHelp("From target to client.", valueName: "bandwidth"))
  var down: String?

  @Option(
    help: ArgumentHelp(
      "The link is down: stall (nothing moves), refuse, or reset.", valueName: "kind"))
  var outage: String?

  @Flag(help: "The ready line and the counts as JSON, one object a line (docs/json.md).")
  var json = false

  func validate() throws {
    _ = try arguments()
  }

  func run() async throws {
    let (listen, target, profile, outage) = try arguments()
    let interrupts = Interrupts()
    let isJSON = json
    let counts: LinkCounts
    do {
      counts = try await interrupts.cancelling {
        try await Self.run(listen, target, profile, outage, isJSON: isJSON)
      }
    } catch let failure as LinkFailure {
      if case .invalid = failure { throw ValidationError("\(failure)") }
      throw failure
    }
    if json {
      JSONLine.write(LinkJSON.Ended(counts))
    } else {
      Console.error(LinkText.counts(counts))
    }
    if let status = interrupts.status { throw status.code }
  }

  private static func run(
    _ listen: LinkAddress, _ target: LinkAddress, _ profile: LinkProfile, _ outage: LinkOutage?,
    isJSON: Bool
  ) async throws -> LinkCounts {
    let link = try await ShapingLink(profile)
    do {
      let address = try await link.listen(on: listen, to: target)
      if let outage { try await link.use(outage) }
      if isJSON {
        JSONLine.write(LinkJSON.Ready(address, target, profile, outage))
      } else {
        Console.print(PlainText.line(LinkText.ready(address, target, profile, outage)))
      }
      // Until the task is cancelled: nothing is ever sent.
      for await _ in AsyncStream.makeStream(of: Never.self).stream {}
    } catch {
      await link.stop()
      throw error
    }
    await link.stop()
    return link.counts
  }

  /// - Throws: `ValidationError`: wrong usage.
  private func arguments() throws -> (LinkAddress, LinkAddress, LinkProfile, LinkOutage?) {
    func read<Value>(
      _ option: String, _ text: String?, _ body: (String) throws(LinkFailure) -> Value
    ) throws -> Value? {
      guard let text else { return nil }
      do { return try body(text) } catch { throw ValidationError("--\(option): \(error).") }
    }
    let listening = try read("listen", listen) { text throws(LinkFailure) in
      let address = try LinkAddress(text)
      try address.checkForListening()
      return address
    }
    let target = try read("to", to) { text throws(LinkFailure) in
      let address = try LinkAddress(text)
      try address.checkAsTarget()
      return address
    }
    guard let listening, let target else {
      throw ValidationError("--listen and --to are needed.")
    }
    let base = try read("profile", profile, LinkProfile.named) ?? .unshaped
    let rtt = try read("rtt", rtt, LinkDelay.parse)
    let jitter = try read("jitter", jitter, LinkDelay.parse)
    let up = try read("up", up, Bandwidth.init)
    let down = try read("down", down, Bandwidth.init)
    let outage = try outage.map { text in
      guard let outage = LinkOutage(rawValue: text) else {
        let kinds = LinkOutage.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--outage: “\(text)” is none of \(kinds).")
      }
      return outage
    }
    if rtt == nil && jitter == nil && up == nil && down == nil {
      return (listening, target, base, outage)
    }
    if base.outage != nil {
      throw ValidationError("The profile \(base.name ?? "") is down; it has no other figures.")
    }
    do {
      let own = try LinkProfile(
        rtt: rtt ?? base.rtt, jitter: jitter ?? min(base.jitter, rtt ?? base.rtt),
        up: up ?? base.up, down: down ?? base.down)
      return (listening, target, own, outage)
    } catch { throw ValidationError("\(error).") }
  }

  private static var table: String {
    LinkProfile.named.map { profile in
      let name = profile.name ?? ""
      return "  " + name + String(repeating: " ", count: max(1, 15 - name.count)) + "\(profile)"
    }.joined(separator: "\n")
  }
}
