import Foundation
import Kubernetes
import Synchronization
import TestSupport

/// A program in place of `kubectl proxy` that forwards ports to an app of its own. Headers are read by zlib.
///
/// The app answers each line with the same in capitals. A file `mode` says how the node behaves, a line each.
struct FakeProxy {
  let fake: FakeKubectl
  var client: KubectlClient { fake.client }

  /// Has a port forwarded while the body runs.
  static func with(
    _ mode: String = "", kubectl: String = "echo 'no proxy' >&2; exit 1", port: Int = 80,
    _ body: (FakeProxy, any PortForward) async throws -> Void
  ) async throws {
    let proxy = try FakeProxy(mode, kubectl: kubectl)
    let forward = try await proxy.client.forward(
      pod: "x", namespace: "a", port: port, localPort: nil)
    let result: Result<Void, any Error>
    do { result = .success(try await body(proxy, forward)) } catch { result = .failure(error) }
    await forward.close()
    await proxy.client.close()
    try result.get()
  }

  /// - Parameter kubectl: what is done instead of forwarding by the proxy.
  private init(_ modes: String..., kubectl: String) throws {
    fake = try FakeKubectl(
      """
      case "$1" in
        proxy) exec \(try Python.path()) $dir/proxy.py "$3" $dir;;
      esac
      \(kubectl)
      """, hasSockets: true)
    try fake.directory.write("proxy.py", Self.program)
    try set(modes)
  }

  func set(_ modes: String...) throws { try set(modes) }

  private func set(_ modes: [String]) throws {
    try fake.directory.write("mode.new", modes.joined(separator: "\n"))
    guard rename(fake.directory("mode.new"), fake.directory("mode")) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  /// How often the proxy was started, and a tunnel asked for.
  func starts() throws -> Int { try fake.calls.count { $0.hasPrefix("[proxy]") } }
  func tunnels() throws -> Int {
    ((try? fake.text("tunnels")) ?? "").split(separator: "\n").count
  }

  private static let program = """
    import os, socket, struct, sys, threading, zlib

    path, directory = sys.argv[1:]

    def modes():
        return open(directory + "/mode").read().split("\\n")

    def serve(client):
        head = b""
        while b"\\r\\n\\r\\n" not in head:
            head += client.recv(1)
        request = head.split(b"\\r\\n")[0].decode()
        with open(directory + "/tunnels", "a") as log:
            log.write(request + "\\n")
        if "gone" in modes():
            body = b'{"reason": "NotFound", "message": "pods \\\\"x\\\\" not found"}'
            client.sendall(b"HTTP/1.1 404 Not Found\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
            return client.close()
        for mode, answer, body in (
                ("unassigned", "400 Bad Request", b'{"reason": "BadRequest", "message": "pod x does not have a host assigned"}'),
                ("unknown to its node", "404 Not Found", b"pod does not exist\\n")):
            if mode in modes():
                client.sendall(b"HTTP/1.1 %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (answer.encode(), len(body), body))
                return client.close()
        if "no spdy" in modes():
            client.sendall(b"HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n")
            return client.close()
        assert b"spdy/3.1" in head.lower() and b"portforward.k8s.io" in head, head
        client.sendall(b"HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: SPDY/3.1\\r\\n"
                       b"X-Stream-Protocol-Version: portforward.k8s.io\\r\\n\\r\\n")
        if "closes" in modes():
            return client.close()
        inflate, begun, kinds, ports = zlib.decompressobj(-15), False, {}, {}

        def need(count):
            bytes = b""
            while len(bytes) < count:
                more = client.recv(count - len(bytes))
                if not more:
                    raise EOFError
                bytes += more
            return bytes

        def data(stream, bytes, last=False):
            client.sendall(struct.pack(">II", stream, (1 << 24 if last else 0) | len(bytes)) + bytes)

        while True:
            first, second = struct.unpack(">II", need(8))
            flags, body = second >> 24, need(second & 0xffffff)
            if first >> 31:
                kind = first & 0xffff
                if kind == 6:
                    client.sendall(struct.pack(">II", first, second) + body)
                if kind == 3:
                    with open(directory + "/resets", "a") as log:
                        log.write("%d\\n" % struct.unpack(">I", body[:4]))
                if kind != 1:
                    continue
                stream, block = struct.unpack(">I", body[:4])[0], body[10:]
                if not begun:
                    assert block[:6] == bytes([0x78, 0xbb, 0xe3, 0xc6, 0xa7, 0xc2]), block[:6]
                    begun, block = True, block[6:]
                text, fields = inflate.decompress(block), []
                count, text = struct.unpack(">I", text[:4])[0], text[4:]
                for _ in range(2 * count):
                    length = struct.unpack(">I", text[:4])[0]
                    fields.append(text[4:4 + length].decode())
                    text = text[4 + length:]
                headers = dict(zip(fields[::2], fields[1::2]))
                assert not text and set(headers) == {"streamtype", "port", "requestid"}, headers
                kinds[stream] = headers["streamtype"]
                client.sendall(struct.pack(">HHII", 0x8003, 2, 4, stream))
                if kinds[stream] == "error":
                    assert flags == 1
                    continue
                ports[stream] = headers["port"]
                if "lost" in modes() or "closes" in modes():
                    return client.close()
                if "silent" in modes() or "silent, error first" in modes():
                    for ended in (stream, stream - 2) if "silent" in modes() else (stream - 2, stream):
                        data(ended, b"", last=True)
                    del ports[stream]
                    continue
                for mode, message in (("refuse", "connect: connection refused"), ("no sandbox", "failed to find sandbox"),
                                      ("reset", "read: connection reset by peer")):
                    if mode in modes():
                        data(stream, b"", last=True)
                        data(stream - 2, message.encode(), last=True)
                        del ports[stream]
                continue
            stream = first
            if stream not in ports:
                # As nodes do that nobody reads the stream for any more.
                if body and kinds[stream] == "data" and "block" in modes():
                    threading.Event().wait()
                continue
            if body:
                data(stream, body.upper().replace(b"PORT", ports[stream].encode()))
            if flags == 1:
                data(stream, b"", last=True)
                data(stream - 2, b"", last=True)

    def run(client):
        try:
            serve(client)
        except (EOFError, OSError):
            client.close()
        except BaseException as error:
            with open(directory + "/wrong", "a") as log:
                log.write(repr(error) + "\\n")
            client.close()

    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(64)
    print("Starting to serve on", path, flush=True)
    while True:
        threading.Thread(target=run, args=(server.accept()[0],), daemon=True).start()

    """

  /// What the program found wrong with what it was sent.
  func complaints() -> String { (try? fake.text("wrong")) ?? "" }
}
