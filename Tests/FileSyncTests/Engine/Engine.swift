import Foundation
import Glibc
import Testing

@testable import FileSync

/// Podman, and images made of this machine's own programs: no registry is asked.
enum Engine {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  enum Image: String, CaseIterable, CustomTestStringConvertible {
    /// busybox alone.
    case busybox
    /// dash, bash, GNU tar and coreutils.
    case gnu
    /// A shell and a few programs, but no tar and no xargs.
    case withoutTar = "without-tar"
    /// One program and no shell.
    case withoutShell = "without-shell"

    var testDescription: String { rawValue }
    var name: String { "localhost/devbench-fstest/\(rawValue):2" }

    /// What has everything that trees need.
    static let complete: [Image] = [.busybox, .gnu]
  }

  /// Variables that podman needs here. Machines whose hard limits lie below podman's defaults start no
  /// container with these.
  static let environment: [String: String] = {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard ProcessInfo.processInfo.environment["CONTAINERS_CONF"] == nil,
      limit.rlim_max < 1_048_576
    else { return [:] }
    let path = NSTemporaryDirectory() + "/devbench-fstest-containers-\(geteuid()).conf"
    let count = min(limit.rlim_max, 20000)
    let text = """
      [containers]
      default_ulimits = ["nofile=\(count):\(count)", "nproc=\(count):\(count)"]
      [engine]
      runtime = "runc"

      """
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      Issue.record("\(path) can't be written: \(error)")
    }
    return ["CONTAINERS_CONF": path]
  }()

  @discardableResult
  static func podman(_ arguments: [String]) throws -> String {
    let result = try run(["podman"] + arguments)
    guard result.status == 0 else {
      throw Failure(
        description: "podman \(arguments.prefix(4).joined(separator: " ")) ended with "
          + "\(result.status): \(result.output)")
    }
    return result.output
  }

  static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    guard
      ["/usr/bin", "/usr/local/bin", "/bin"].contains(where: {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(command[0])")
      })
    else {
      throw Failure(description: "\(command[0]) is missing; scripts/setup installs it")
    }
    // Not Foundation's Process: podman's monitor of a container inherits what it waits for. The output
    // goes to a file for the same reason.
    let scratch = try Scratch()
    let output = scratch.path + "/output"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A container would inherit the signals that this thread blocks.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = command.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, command[0], &actions, &attributes, &words, &settings)
    guard code == 0 else {
      throw Failure(description: "\(command[0]): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return (
      status & 0x7F == 0 ? status >> 8 : 128 + (status & 0x7F),
      String(decoding: try scratch.read("output"), as: UTF8.self)
    )
  }

  /// Makes the image unless it is there.
  static func prepare(_ image: Image) throws {
    if try run(["podman", "image", "exists", image.name]).status == 0 { return }
    let root = try Scratch()
    for directory in ["bin", "etc", "tmp", "proc", "dev", "sys", "app"] {
      try root.makeDirectory(TreePath(directory))
    }
    try root.write("etc/passwd", "root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n")
    func install(_ program: String, as name: String) throws {
      let path = try run(["which", program]).output.split(separator: "\n").first.map(String.init)
      guard let path else {
        throw Failure(description: "\(program) is missing; scripts/setup installs it")
      }
      _ = try run(["cp", "-L", path, "\(root.path)/bin/\(name)"])
      for word in try run(["ldd", path]).output.split(whereSeparator: \.isWhitespace)
      where word.hasPrefix("/") {
        _ = try run(["cp", "-L", "--parents", String(word), root.path])
      }
    }
    let few = ["head", "cat", "rm", "mkdir", "ln", "chmod", "sleep", "sha256sum", "readlink"]
    switch image {
    case .busybox:
      try install("busybox", as: "busybox")
      for name in try run(["busybox", "--list"]).output.split(separator: "\n")
      where name != "busybox" {
        try root.link(TreePath("bin/\(name)"), to: "busybox")
      }
    case .gnu:
      try install("dash", as: "sh")
      for name in few + [
        "dash", "bash", "tar", "xargs", "setsid", "touch", "dd", "id", "ls", "chown", "find", "wc",
      ] {
        try install(name, as: name)
      }
    case .withoutTar:
      try install("dash", as: "sh")
      for name in few { try install(name, as: name) }
    case .withoutShell: try install("sleep", as: "sleep")
    }
    let archive = try Scratch()
    let packed = try run(
      [
        "tar", "--numeric-owner", "--owner=0", "--group=0", "-cf", "\(archive.path)/root.tar", "-C",
        root.path, ".",
      ])
    guard packed.status == 0 else { throw Failure(description: packed.output) }
    try podman([
      "import", "--change", "ENV PATH=/bin", "--change", "LABEL io.devbench.test=1",
      "\(archive.path)/root.tar", image.name,
    ])
  }
}
